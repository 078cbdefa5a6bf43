// The exports of the world `session-filter`; `weir filter build` gives them their names in the contract.

import { Reader, done } from "../abi";
import { describeTo, result, settings } from "../base";
import {
  ConnectionInfo, Decision, PlayRequest, PublishRequest, SessionFilter, SessionRef, Summary, takeRefused, theExported,
} from "../session";

import "../trap";

export { cabi_realloc } from "../abi";

let configured: SessionFilter | null = null;

function filter(): SessionFilter {
  return assert(configured, "called before configure");
}

export function lifecycle_describe(): usize {
  const answer = describeTo(theExported().description);
  done();
  return answer;
}

export function lifecycle_configure(): usize {
  configured = theExported().configure(settings());
  const fault = takeRefused();
  assert(fault !== null || configured !== null, "configure gave no filter; refuse(…) says why");
  const answer = result(fault);
  done();
  return answer;
}

function answer(decision: Decision): usize {
  const at = decision.write();
  done();
  return at;
}

export function session_on_connect(params: usize): usize {
  return answer(filter().onConnect(ConnectionInfo.read(new Reader(params))));
}

export function session_on_publish(params: usize): usize {
  return answer(filter().onPublish(PublishRequest.read(new Reader(params))));
}

export function session_on_play(params: usize): usize {
  return answer(filter().onPlay(PlayRequest.read(new Reader(params))));
}

export function session_on_recheck(params: usize): usize {
  return answer(filter().onRecheck(SessionRef.read(new Reader(params))));
}

export function session_on_close(params: usize): void {
  const r = new Reader(params);
  const who = SessionRef.read(r);
  filter().onClose(who, Summary.read(r));
  done();
}
