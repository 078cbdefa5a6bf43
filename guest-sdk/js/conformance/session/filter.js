// Answers what its setting `do` names: the session filter of the conformance suite in `tests/languages`.

import { InvalidConfig, SessionFilter, abstain, allow, deny, exportSession, redirect, secret } from "../../weir-sdk/session.js";
import * as kv from "../../weir-sdk/kv.js";
import * as log from "../../weir-sdk/log.js";
import * as metrics from "../../weir-sdk/metrics.js";

const KNOWN = "abstain allow deny redirect recheck report trap kv".split(" ");

const pairs = (attributes) => attributes.map(([k, v]) => `${k}=${v}`).join(",");
const path = (key) => (key ? `${key.app}/${key.name}` : "none");
const told = (fields) => allow({ tags: Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, String(v)])) });

class Conformance extends SessionFilter {
  static description = { name: "conformance", version: "1.0.0", summary: "Answers what its setting names." };

  constructor(settings) {
    super(settings);
    settings.only("do", "text");
    this.do = settings.text("do");
    this.text = settings.text("text", "");
    if (!KNOWN.includes(this.do)) throw new InvalidConfig(`do: "${this.do}" is nothing that this filter does`);
  }

  answer() {
    switch (this.do) {
      case "allow":
        return allow({
          rename: { app: "live", name: "public" },
          tags: { plan: "gold", text: this.text },
          maxKbps: 3000,
          maxDurationMs: 60_000,
          recheckMs: 500,
          pushTo: ["rtmp://127.0.0.1/live/x"],
        });
      case "deny":
        return deny(this.text, { code: "NetStream.Publish.Denied", disconnect: true, holdMs: 1500 });
      case "redirect":
        return redirect("rtmp://127.0.0.2/live/x", true);
      case "recheck":
        return allow({ recheckMs: 500 });
      case "trap":
        throw new Error("told to trap");
      default:
        return abstain();
    }
  }

  onConnect(connection) {
    return this.do === "report" ? told({ app: connection.app }) : this.answer();
  }

  onPublish({ key, mode, takesOver, conn }) {
    if (this.do === "kv") return told({ count: kv.add("conformance", key.name, 1, 60_000) });
    if (this.do !== "report") return this.answer();
    return told({
      stream: path(key),
      query: pairs(key.query),
      mode,
      takes_over: takesOver,
      id: conn.id,
      protocol: conn.protocol,
      peer: `${conn.peerIp}:${conn.peerPort}`,
      port: conn.localPort,
      tls: conn.tls ? `${conn.tls.protocol} ${conn.tls.sni}` : "none",
      tc_url: conn.tcUrl,
      agent: conn.agent,
      fourccs: [...conn.fourccs].join(","),
      extra: pairs(conn.extra),
      text: this.text,
      secret: secret("key"),
      none: secret("none") === null,
    });
  }

  onPlay({ key, startMs, durationMs }) {
    if (this.do !== "report") return this.answer();
    return told({ stream: path(key), start_ms: startMs, duration_ms: durationMs });
  }

  onRecheck({ role, stream, key, tags }) {
    if (this.do === "report") return told({ role, id: stream ?? 0, stream: path(key), tags: pairs(tags) });
    if (this.do === "recheck") {
      // The instance may be another one each time: what is counted stands in a tag.
      const count = Math.max(0, ...tags.filter(([k]) => k === "count").map(([, v]) => Number(v))) + 1;
      return count === 3 ? deny("kicked") : allow({ tags: { count: String(count) }, recheckMs: 500 });
    }
    return this.answer();
  }

  onClose(session, summary) {
    metrics.add("closed");
    log.info("closed", { bytes_in: summary.bytesIn, bytes_out: summary.bytesOut, duration_ms: summary.durationMs });
  }
}

export const { lifecycle, session } = exportSession(Conformance);
