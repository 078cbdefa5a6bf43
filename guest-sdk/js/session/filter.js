// my-filter: who knows the key may publish; everyone may play.

import { InvalidConfig, SessionFilter, allow, argument, deny, exportSession, secret } from "../weir-sdk/session.js";

class MyFilter extends SessionFilter {
  static description = { name: "my-filter", version: "0.1.0", summary: "Publishers need ?key=… behind the stream's name." };

  constructor(settings) {
    super(settings);
    this.role = settings.only("role").text("role", "publisher");
    this.key = secret("key");
    if (!this.key) throw new InvalidConfig('write secrets = { key = "..." } in the filter\'s table');
  }

  onPublish(request) {
    if (argument(request.key, "key") === this.key) return allow({ tags: { role: this.role } });
    return deny("the key behind the stream's name is wrong or missing");
  }

  onPlay(request) {
    return allow();
  }
}

export const { lifecycle, session } = exportSession(MyFilter);
