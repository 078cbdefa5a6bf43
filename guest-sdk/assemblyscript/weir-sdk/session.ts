// Filters that say who may connect, publish and play: the world `session-filter`.

import { Reader, Writer, allocate } from "./abi";
import { Description, Fault, Settings } from "./base";
import { Attribute, ConnectionInfo, EndReason, StreamKey } from "./peer";

export { Description, Fault, Settings, secret } from "./base";
export { Attribute, ConnectionInfo, EndReason, StreamKey, TlsInfo, find } from "./peer";

/** A peer asks to publish. */
export class PublishRequest {
  constructor(
    public conn: ConnectionInfo,
    public key: StreamKey,
    /** `live`, `record` or `append`, as the peer said. */
    public mode: string,
    /** True if a publisher of this name would have to give way. */
    public takesOver: bool,
  ) {}

  static read(r: Reader): PublishRequest {
    return new PublishRequest(ConnectionInfo.read(r), StreamKey.read(r), r.text(), r.bool());
  }
}

/** A peer asks to play. */
export class PlayRequest {
  constructor(
    public conn: ConnectionInfo,
    public key: StreamKey,
    /** As sent: -2000 or -2 live or recorded, -1000 or -1 live only, from 0 a position. */
    public startMs: i64,
    /** As sent: -1 until the end. */
    public durationMs: i64,
  ) {}

  static read(r: Reader): PlayRequest {
    return new PlayRequest(ConnectionInfo.read(r), StreamKey.read(r), r.u64(), r.u64());
  }
}

/** What a session is doing. */
export enum Role {
  Connecting,
  Publishing,
  Playing,
}

/** A session that was allowed earlier. */
export class SessionRef {
  role: Role = Role.Connecting;
  /** 0 for a connection that neither publishes nor plays. */
  stream: u64 = 0;
  /** The key as the peer asked for it, before any rename; null for a connection. */
  key: StreamKey | null = null;
  /** What this filter and the others left with their `allow`. */
  tags: Array<Attribute> = [];

  constructor(public conn: ConnectionInfo) {}

  static read(r: Reader): SessionRef {
    const ref = new SessionRef(ConnectionInfo.read(r));
    ref.role = <Role>r.u8();
    r.align(8);
    const streams = r.u8();
    const stream = r.u64();
    if (streams) ref.stream = stream;
    const named = r.u32() as u8;
    const behind = r.at + 24;
    if (named) ref.key = StreamKey.read(r);
    r.at = behind;
    ref.tags = r.pairs();
    r.align(8);
    return ref;
  }
}

/** What a session came to. */
export class Summary {
  constructor(public bytesIn: u64, public bytesOut: u64, public durationMs: u64, public reason: EndReason) {}

  static read(r: Reader): Summary {
    return new Summary(r.u64(), r.u64(), r.u64(), <EndReason>r.u8());
  }
}

/** The answer to a question: `Decision.abstain()`, `allow()`, `deny(…)` or `redirect(…)`, and its terms. */
export class Decision {
  /** Of an allowance: the public name for a secret key. */
  rename: StreamKey | null = null;
  /** Of an allowance: told to the media filters, and given back in `onRecheck` and `onClose`. */
  tags: Array<Attribute> = [];
  /** Of an allowance: the router ends a publication whose bitrate stays above this; 0: no limit. */
  maxKbps: u32 = 0;
  /** Of an allowance: the router ends the session after this long; 0: no limit. */
  maxDurationMs: u64 = 0;
  /** Of an allowance: ask again after this long, at least 100; 0: never. */
  recheckMs: u32 = 0;
  /** Of an allowance: rtmp(s) URLs to push this stream to. */
  pushTo: Array<string> = [];
  /** Of a denial: the status code; empty: the usual one. */
  code: string = "";
  /** Of a denial: close the connection too. */
  disconnect: bool = false;
  /** Of a denial: answer only after this long, which slows guessers. */
  holdMs: u32 = 0;
  private text: string = "";
  private permanent: bool = false;

  private constructor(private kind: u8) {}

  /** No opinion: the next filter is asked. */
  static abstain(): Decision {
    return new Decision(0);
  }

  /** A yes. */
  static allow(): Decision {
    return new Decision(1);
  }

  /** A no, with the text that the encoder shows. */
  static deny(reason: string): Decision {
    const decision = new Decision(2);
    decision.text = reason;
    return decision;
  }

  /** Go to another server. */
  static redirect(url: string, permanent: bool = false): Decision {
    const decision = new Decision(3);
    decision.text = url;
    decision.permanent = permanent;
    return decision;
  }

  /** Adds a tag to an allowance. */
  tag(name: string, value: string): Decision {
    this.tags.push(new Attribute(name, value));
    return this;
  }

  write(): usize {
    const answer = allocate(88);
    const w = new Writer(answer);
    w.u8(this.kind);
    w.align(8);
    if (this.kind == 1) {
      const rename = this.rename;
      w.u32(rename !== null ? 1 : 0);
      const behind = w.at + 24;
      if (rename !== null) rename.write(w);
      w.at = behind;
      w.pairs(this.tags);
      w.u32(this.maxKbps ? 1 : 0);
      w.u32(this.maxKbps);
      w.align(8);
      w.u32(this.maxDurationMs ? 1 : 0);
      w.u64(this.maxDurationMs);
      w.u32(this.recheckMs ? 1 : 0);
      w.u32(this.recheckMs);
      const urls = w.list(8, this.pushTo.length);
      for (let i = 0; i < this.pushTo.length; i++) urls.text(this.pushTo[i]);
    } else if (this.kind == 2) {
      w.text(this.code);
      w.text(this.text);
      w.bool(this.disconnect);
      w.u32(this.holdMs);
    } else if (this.kind == 3) {
      w.text(this.text);
      w.bool(this.permanent);
    }
    return answer;
  }
}

/**
 * A filter that says who may connect, publish and play. One object per instance.
 *
 * Instances are pooled: two calls about one session may reach two of them, so what must be remembered of a session belongs into the
 * tags of the decision. `throw` and kin become a line in the log, and the peer is denied.
 */
export class SessionFilter {
  /** The connect command. */
  onConnect(connection: ConnectionInfo): Decision {
    return Decision.abstain();
  }

  /** The publish command. */
  onPublish(request: PublishRequest): Decision {
    return Decision.abstain();
  }

  /** The play command. */
  onPlay(request: PlayRequest): Decision {
    return Decision.abstain();
  }

  /** `recheckMs` after an `allow`; only a denial or a redirect ends the session. */
  onRecheck(session: SessionRef): Decision {
    return Decision.abstain();
  }

  /** A session that was allowed is over. */
  onClose(session: SessionRef, summary: Summary): void {}
}

let refused: Fault | null = null;

/** For `configure`: why the filter cannot be loaded. `return refuse(Fault.invalidConfig("…"));` */
export function refuse(fault: Fault | null): SessionFilter | null {
  refused = fault;
  return null;
}

/** What `refuse` left. */
export function takeRefused(): Fault | null {
  const fault = refused;
  refused = null;
  return fault;
}

/** What the module of a session filter consists of; see `exportSession`. */
export class Exported {
  constructor(public description: Description, public configure: (settings: Settings) => SessionFilter | null) {}
}

let exported: Exported | null = null;

/**
 * Makes the module a session filter; called once, at the top level of `filter.ts`.
 * `configure` reads the settings, once per instance; what it refuses keeps the filter from being loaded, and everything that it guards
 * stays shut.
 */
export function exportSession(description: Description, configure: (settings: Settings) => SessionFilter | null): void {
  exported = new Exported(description, configure);
}

/** What `exportSession` was given. */
export function theExported(): Exported {
  return assert(exported, "filter.ts does not call exportSession");
}
