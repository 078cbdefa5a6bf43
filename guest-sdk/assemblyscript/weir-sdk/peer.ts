// The plain data that both worlds share.

import { Attribute, Reader, Writer, find } from "./abi";

export { Attribute, find };

/** The name of a stream: what stands behind the host in its URL. */
export class StreamKey {
  /** The arguments behind `?`, percent-decoded. */
  query: Array<Attribute> = [];

  constructor(public app: string, public name: string) {}

  /** `app/name`, without the query. */
  get path(): string {
    return this.app + "/" + this.name;
  }

  /** The first argument of this name; null if there is none. */
  argument(name: string): string | null {
    return find(this.query, name);
  }

  static read(r: Reader): StreamKey {
    const key = new StreamKey(r.text(), r.text());
    key.query = r.pairs();
    return key;
  }

  write(w: Writer): void {
    w.text(this.app);
    w.text(this.name);
    w.pairs(this.query);
  }
}

/** What is known of a TLS link. */
export class TlsInfo {
  protocol: string = "";
  /** The server name that the peer asked for; null: none. */
  sni: string | null = null;
  /** SHA-256 of the peer's certificate, in lower-case hex; null: it showed none. */
  clientCertSha256: string | null = null;
}

/** A peer's link and what it said in its connect command. */
export class ConnectionInfo {
  id: u64 = 0;
  /** `rtmp`, `rtmps`, `rtmpe`, … */
  protocol: string = "";
  peerIp: string = "";
  peerPort: u16 = 0;
  /** The port of ours that it came to. */
  localPort: u16 = 0;
  /** null without TLS. */
  tls: TlsInfo | null = null;
  /** The application of the connect command, without the query. */
  app: string = "";
  /** The URL that the peer says it connected to; its query may carry a token. */
  tcUrl: string = "";
  /** The peer's name for itself. */
  agent: string = "";
  /** The codecs that it announced by Enhanced RTMP. */
  fourccs: Array<u32> = [];
  /** Further connect properties. */
  extra: Array<Attribute> = [];

  /** Bytes of one in memory. */
  static readonly SIZE: usize = 104;

  static read(r: Reader): ConnectionInfo {
    r.align(8);
    const c = new ConnectionInfo();
    c.id = r.u64();
    c.protocol = r.text();
    c.peerIp = r.text();
    c.peerPort = r.u16();
    c.localPort = r.u16();
    const secure = r.u32() as u8;
    const behind = r.at + 32;
    if (secure) {
      const tls = new TlsInfo();
      tls.protocol = r.text();
      tls.sni = optionalText(r);
      tls.clientCertSha256 = optionalText(r);
      c.tls = tls;
    }
    r.at = behind;
    c.app = r.text();
    c.tcUrl = r.text();
    c.agent = r.text();
    const list = new Reader(r.u32());
    const count = r.u32();
    for (let i: u32 = 0; i < count; i++) c.fourccs.push(list.u32());
    c.extra = r.pairs();
    return c;
  }
}

function optionalText(r: Reader): string | null {
  const there = r.u32() as u8;
  const at = r.at;
  r.at += 8;
  return there ? new Reader(at).text() : null;
}

/** Why something ended. */
export enum EndReason {
  SourceEnded,
  Replaced,
  Denied,
  Swapped,
  Shutdown,
  Failed,
  Limit,
}
