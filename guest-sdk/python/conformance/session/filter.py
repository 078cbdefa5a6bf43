"""Answers what its setting `do` names: the session filter of the conformance suite in `tests/languages`."""

from weir import kv, log, metrics
from weir.session import Description, InvalidConfig, SessionFilter, abstain, allow, deny, key, redirect, secret

KNOWN = "abstain allow deny redirect recheck report trap kv".split()


def pairs(attributes):
    return ",".join(f"{k}={v}" for k, v in attributes)


def texts(**fields):
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()}


class Conformance(SessionFilter):
    description = Description("conformance", "1.0.0", "Answers what its setting names.")

    def __init__(self, settings):
        settings.only("do", "text")
        self.do = settings.text("do")
        self.text = settings.text("text", "")
        if self.do not in KNOWN:
            raise InvalidConfig(f'do: "{self.do}" is nothing that this filter does')

    def answer(self):
        if self.do == "allow":
            return allow(
                rename=key("live", "public"),
                tags={"plan": "gold", "text": self.text},
                max_kbps=3000,
                max_duration_ms=60_000,
                recheck_ms=500,
                push_to=["rtmp://127.0.0.1/live/x"],
            )
        if self.do == "deny":
            return deny(self.text, code="NetStream.Publish.Denied", disconnect=True, hold_ms=1500)
        if self.do == "redirect":
            return redirect("rtmp://127.0.0.2/live/x", permanent=True)
        if self.do == "recheck":
            return allow(recheck_ms=500)
        if self.do == "trap":
            raise RuntimeError("told to trap")
        return abstain()

    def on_connect(self, connection):
        if self.do == "report":
            return allow(tags=texts(app=connection.app))
        return self.answer()

    def on_publish(self, request):
        if self.do == "report":
            c = request.conn
            tags = texts(
                stream=f"{request.key.app}/{request.key.name}",
                query=pairs(request.key.query),
                mode=request.mode,
                takes_over=request.takes_over,
                id=c.id,
                protocol=c.protocol,
                peer=f"{c.peer_ip}:{c.peer_port}",
                port=c.local_port,
                tls=f"{c.tls.protocol} {c.tls.sni}" if c.tls else "none",
                tc_url=c.tc_url,
                agent=c.agent,
                fourccs=",".join(str(f) for f in c.fourccs),
                extra=pairs(c.extra),
                text=self.text,
                secret=secret("key"),
                none=secret("none") is None,
            )
            return allow(tags=tags)
        if self.do == "kv":
            return allow(tags=texts(count=kv.add("conformance", request.key.name, 1, 60_000)))
        return self.answer()

    def on_play(self, request):
        if self.do == "report":
            stream = f"{request.key.app}/{request.key.name}"
            return allow(tags=texts(stream=stream, start_ms=request.start_ms, duration_ms=request.duration_ms))
        return self.answer()

    def on_recheck(self, session):
        if self.do == "report":
            stream = f"{session.key.app}/{session.key.name}" if session.key else "none"
            role = session.role.name.lower()
            return allow(tags=texts(role=role, id=session.stream or 0, stream=stream, tags=pairs(session.tags)))
        if self.do == "recheck":
            # The instance may be another one each time: what is counted stands in a tag.
            count = max((int(v) for k, v in session.tags if k == "count"), default=0) + 1
            return deny("kicked") if count == 3 else allow(tags={"count": str(count)}, recheck_ms=500)
        return self.answer()

    def on_close(self, session, summary):
        metrics.add("closed", 1)
        log.info("closed", bytes_in=summary.bytes_in, bytes_out=summary.bytes_out, duration_ms=summary.duration_ms)
