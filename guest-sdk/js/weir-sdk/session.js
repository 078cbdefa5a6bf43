// Filters that say who may connect, publish and play: the world `session-filter`.

import { describe, settings, trapping } from "./base.js";

export { InvalidConfig, secret } from "./base.js";

/** No opinion: the next filter is asked. */
export function abstain() {
  return { tag: "abstain" };
}

/**
 * A yes, with terms. `rename`: a public name for a secret key, { app, name }. `tags`: for the media filters, an object.
 * `maxKbps`, `maxDurationMs`: limits. `recheckMs`: ask again after this long. `pushTo`: rtmp(s) URLs.
 */
export function allow({ rename = null, tags = {}, maxKbps = null, maxDurationMs = null, recheckMs = null, pushTo = [] } = {}) {
  const key = rename && { query: [], ...rename };
  return { tag: "allow", val: { rename: key, tags: Object.entries(tags), maxKbps, maxDurationMs, recheckMs, pushTo } };
}

/** A no: the text that the encoder shows, the status code (empty: the usual one), and how late it is told. */
export function deny(reason, { code = "", disconnect = false, holdMs = 0 } = {}) {
  return { tag: "deny", val: { code, reason, disconnect, holdMs } };
}

/** Go to another server. */
export function redirect(url, permanent = false) {
  return { tag: "redirect", val: { url, permanent } };
}

/** The first argument of this name behind `?` in the stream's name; undefined if there is none. */
export function argument(key, name) {
  return key.query.find(([n]) => n === name)?.[1];
}

/**
 * A filter that says who may connect, publish and play.
 *
 * One object per instance. Instances are pooled: two calls about one session may reach two of them, so what must be remembered of a
 * session belongs into the tags of `allow`. An exception becomes a line in the log, and the peer is denied.
 */
export class SessionFilter {
  /** What the filter says of itself: { name, version, summary, configSchema? }. */
  static description = { name: "unnamed", version: "0.0.0", summary: "" };

  /** Reads the operator's settings, once per instance. Throw InvalidConfig to keep the filter from being loaded. */
  constructor(settings) {}

  /** The connect command. */
  onConnect(connection) {
    return abstain();
  }

  /** The publish command. */
  onPublish(request) {
    return abstain();
  }

  /** The play command. */
  onPlay(request) {
    return abstain();
  }

  /** `recheckMs` after an `allow`; only a denial or a redirect ends the session. */
  onRecheck(session) {
    return abstain();
  }

  /** A session that was allowed is over. */
  onClose(session, summary) {}
}

/** What the module of a session filter exports: `export const { lifecycle, session } = exportSession(MyFilter);` */
export function exportSession(Filter) {
  let filter;
  return {
    lifecycle: {
      describe: () => trapping(() => describe(Filter.description)),
      configure: () =>
        trapping(() => {
          filter = new Filter(settings());
        }),
    },
    session: {
      onConnect: (info) => trapping(() => filter.onConnect(info)),
      onPublish: (request) => trapping(() => filter.onPublish(request)),
      onPlay: (request) => trapping(() => filter.onPlay(request)),
      onRecheck: (who) => trapping(() => filter.onRecheck(who)),
      onClose: (who, how) => trapping(() => filter.onClose(who, how)),
    },
  };
}
