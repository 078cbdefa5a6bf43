// A reader of JSON, as much as settings need.

export enum Kind {
  Null,
  Bool,
  Number,
  Text,
  List,
  Table,
}

/** One value. */
export class Json {
  kind: Kind = Kind.Null;
  flag: bool = false;
  number: f64 = 0;
  text: string = "";
  /** Of a list: its values; of a table: in the order of `keys`. */
  values: Array<Json> = [];
  keys: Array<string> = [];

  /** The value of a key; null if there is none. */
  get(key: string): Json | null {
    const at = this.keys.indexOf(key);
    return at < 0 ? null : this.values[at];
  }
}

/** Reads what the host wrote; it is well formed. */
export function parse(text: string): Json {
  return new Parser(text).value();
}

class Parser {
  at: i32 = 0;
  constructor(public text: string) {}

  private peek(): i32 {
    while (this.at < this.text.length) {
      const c = this.text.charCodeAt(this.at);
      if (c != 32 && c != 9 && c != 10 && c != 13) return c;
      this.at++;
    }
    return -1;
  }

  value(): Json {
    const json = new Json();
    const c = this.peek();
    if (c == 0x7b) {
      json.kind = Kind.Table;
      this.at++;
      while (this.peek() != 0x7d && this.at < this.text.length) {
        json.keys.push(this.string());
        this.peek();
        this.at++;
        json.values.push(this.value());
        if (this.peek() == 0x2c) this.at++;
      }
      this.at++;
    } else if (c == 0x5b) {
      json.kind = Kind.List;
      this.at++;
      while (this.peek() != 0x5d && this.at < this.text.length) {
        json.values.push(this.value());
        if (this.peek() == 0x2c) this.at++;
      }
      this.at++;
    } else if (c == 0x22) {
      json.kind = Kind.Text;
      json.text = this.string();
    } else if (c == 0x74 || c == 0x66) {
      json.kind = Kind.Bool;
      json.flag = c == 0x74;
      this.at += c == 0x74 ? 4 : 5;
    } else if (c == 0x6e) {
      this.at += 4;
    } else {
      const start = this.at;
      while (this.at < this.text.length && "+-.0123456789eE".includes(this.text.charAt(this.at))) this.at++;
      json.kind = Kind.Number;
      json.number = parseFloat(this.text.substring(start, this.at));
    }
    return json;
  }

  private string(): string {
    let out = "";
    this.peek();
    this.at++;
    while (this.at < this.text.length) {
      let c = this.text.charCodeAt(this.at++);
      if (c == 0x22) break;
      if (c == 0x5c) {
        c = this.text.charCodeAt(this.at++);
        if (c == 0x6e) c = 10;
        else if (c == 0x74) c = 9;
        else if (c == 0x72) c = 13;
        else if (c == 0x62) c = 8;
        else if (c == 0x66) c = 12;
        else if (c == 0x75) {
          c = <i32>parseInt(this.text.substring(this.at, this.at + 4), 16);
          this.at += 4;
        }
      }
      out += String.fromCharCode(c);
    }
    return out;
  }
}
