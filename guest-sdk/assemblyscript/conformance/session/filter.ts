// Answers what its setting `do` names: the session filter of the conformance suite in `tests/languages`.

import * as kv from "../../weir-sdk/kv";
import * as log from "../../weir-sdk/log";
import * as metrics from "../../weir-sdk/metrics";
import {
  Attribute, ConnectionInfo, Decision, Description, Fault, PlayRequest, PublishRequest, Role, SessionFilter, SessionRef, Settings,
  StreamKey, Summary, exportSession, refuse, secret,
} from "../../weir-sdk/session";

const KNOWN = "abstain allow deny redirect recheck report trap kv".split(" ");

function pairs(attributes: Array<Attribute>): string {
  const parts = new Array<string>();
  for (let i = 0; i < attributes.length; i++) parts.push(attributes[i].name + "=" + attributes[i].value);
  return parts.join(",");
}

/** Allows, with names and values in turn as tags. */
function told(fields: Array<string>): Decision {
  const decision = Decision.allow();
  for (let i = 0; i < fields.length; i += 2) decision.tag(fields[i], fields[i + 1]);
  return decision;
}

class Conformance extends SessionFilter {
  constructor(private deed: string, private text: string) {
    super();
  }

  private answer(): Decision {
    if (this.deed == "allow") {
      const decision = Decision.allow().tag("plan", "gold").tag("text", this.text);
      decision.rename = new StreamKey("live", "public");
      decision.maxKbps = 3000;
      decision.maxDurationMs = 60_000;
      decision.recheckMs = 500;
      decision.pushTo = ["rtmp://127.0.0.1/live/x"];
      return decision;
    }
    if (this.deed == "deny") {
      const decision = Decision.deny(this.text);
      decision.code = "NetStream.Publish.Denied";
      decision.disconnect = true;
      decision.holdMs = 1500;
      return decision;
    }
    if (this.deed == "redirect") return Decision.redirect("rtmp://127.0.0.2/live/x", true);
    if (this.deed == "recheck") {
      const decision = Decision.allow();
      decision.recheckMs = 500;
      return decision;
    }
    if (this.deed == "trap") throw new Error("told to trap");
    return Decision.abstain();
  }

  onConnect(connection: ConnectionInfo): Decision {
    return this.deed == "report" ? told(["app", connection.app]) : this.answer();
  }

  onPublish(request: PublishRequest): Decision {
    if (this.deed == "kv") {
      const count = kv.add("conformance", request.key.name, 1, 60_000);
      return count.ok ? told(["count", count.sum.toString()]) : Decision.deny("kv");
    }
    if (this.deed != "report") return this.answer();
    const c = request.conn;
    const tls = c.tls;
    const sni = tls !== null ? tls.sni : null;
    const key = secret("key");
    return told([
      "stream", request.key.path, "query", pairs(request.key.query), "mode", request.mode, "takes_over", request.takesOver.toString(),
      "id", c.id.toString(), "protocol", c.protocol, "peer", `${c.peerIp}:${c.peerPort}`, "port", c.localPort.toString(),
      "tls", tls !== null ? tls.protocol + " " + (sni !== null ? sni : "") : "none", "tc_url", c.tcUrl, "agent", c.agent,
      "fourccs", c.fourccs.join(","), "extra", pairs(c.extra), "text", this.text, "secret", key !== null ? key : "",
      "none", (secret("none") === null).toString(),
    ]);
  }

  onPlay(request: PlayRequest): Decision {
    if (this.deed != "report") return this.answer();
    return told(["stream", request.key.path, "start_ms", request.startMs.toString(), "duration_ms", request.durationMs.toString()]);
  }

  onRecheck(session: SessionRef): Decision {
    if (this.deed == "report") {
      const key = session.key;
      const role = session.role == Role.Connecting ? "connecting" : session.role == Role.Publishing ? "publishing" : "playing";
      return told(["role", role, "id", session.stream.toString(), "stream", key !== null ? key.path : "none", "tags", pairs(session.tags)]);
    }
    if (this.deed == "recheck") {
      // The instance may be another one each time: what is counted stands in a tag.
      let count = 0;
      for (let i = 0; i < session.tags.length; i++) {
        if (session.tags[i].name == "count") count = max(count, <i32>parseInt(session.tags[i].value));
      }
      if (++count == 3) return Decision.deny("kicked");
      const decision = Decision.allow().tag("count", count.toString());
      decision.recheckMs = 500;
      return decision;
    }
    return this.answer();
  }

  onClose(session: SessionRef, summary: Summary): void {
    metrics.add("closed");
    log.info("closed", [
      "bytes_in", summary.bytesIn.toString(), "bytes_out", summary.bytesOut.toString(), "duration_ms", summary.durationMs.toString(),
    ]);
  }
}

exportSession(
  new Description("conformance", "1.0.0", "Answers what its setting names."),
  (settings: Settings): SessionFilter | null => {
    settings.only(["do", "text"]);
    const deed = settings.text("do", "");
    const text = settings.text("text", "");
    if (settings.problem !== null) return refuse(settings.problem);
    if (!KNOWN.includes(deed)) return refuse(Fault.invalidConfig(`do: "${deed}" is nothing that this filter does`));
    return new Conformance(deed, text);
  },
);
