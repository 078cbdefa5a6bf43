// my-filter: who knows the key may publish; everyone may play.

import {
  Decision, Description, Fault, PlayRequest, PublishRequest, SessionFilter, Settings, exportSession, refuse, secret,
} from "../weir-sdk/session";

class MyFilter extends SessionFilter {
  constructor(private key: string, private role: string) {
    super();
  }

  onPublish(request: PublishRequest): Decision {
    if (request.key.argument("key") == this.key) return Decision.allow().tag("role", this.role);
    return Decision.deny("the key behind the stream's name is wrong or missing");
  }

  onPlay(request: PlayRequest): Decision {
    return Decision.allow();
  }
}

exportSession(
  new Description("my-filter", "0.1.0", "Publishers need ?key=… behind the stream's name."),
  (settings: Settings): SessionFilter | null => {
    const role = settings.only(["role"]).text("role", "publisher");
    if (settings.problem !== null) return refuse(settings.problem);
    const key = secret("key");
    if (key === null) return refuse(Fault.invalidConfig("write secrets = { key = \"...\" } in the filter's table"));
    return new MyFilter(key, role);
  },
);
