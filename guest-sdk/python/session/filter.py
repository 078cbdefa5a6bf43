"""my-filter: who knows the key may publish; everyone may play."""

from weir.session import Description, InvalidConfig, SessionFilter, allow, argument, deny, secret


class MyFilter(SessionFilter):
    description = Description("my-filter", "0.1.0", "Publishers need ?key=… behind the stream's name.")

    def __init__(self, settings):
        settings.only("role")
        self.role = settings.text("role", "publisher")
        self.key = secret("key")
        if not self.key:
            raise InvalidConfig('write secrets = { key = "..." } in the filter\'s table')

    def on_publish(self, request):
        if argument(request.key, "key") == self.key:
            return allow(tags={"role": self.role})
        return deny("the key behind the stream's name is wrong or missing")

    def on_play(self, request):
        return allow()
