"""Does what its setting `do` names: the media filter of the conformance suite in `tests/languages`."""

from dataclasses import replace

from weir import clock, entropy, kv, log, metrics
from weir.media import (
    AVC,
    DROP,
    EDITED,
    HOLD,
    PASS,
    Derived,
    Description,
    FrameFlags,
    IncompatibleState,
    InvalidConfig,
    MediaFilter,
    MediaKind,
    Metadata,
    Number,
    Packet,
    Refused,
    SavedState,
    Text,
    Unsupported,
    add_track,
    drop_held,
    emit_after,
    emit_before,
    frames,
    has_unit,
    is_key,
    release_held,
    secret,
    set_metadata,
    subscribe,
)

KNOWN = (
    "pass drop interest remove-unit remove-units units-of insert-unit replace-unit replace edit-then-pass hold drop-held emit delay retime header header-fault "
    "metadata metadata-drop tick count say report refused kv entropy derive add-track trap unsupported"
).split()
BUCKET = "conformance"
SEI = 6


def say(name, **fields):
    set_metadata(Metadata(name, [(key, Text(str(value).lower() if isinstance(value, bool) else str(value))) for key, value in fields.items()]))


def viewer(of):
    if of is None:
        return "none"
    return f"{of.id} {of.conn.peer_ip} {of.key.app}/{of.key.name} {pairs(of.key.query)} {pairs(of.tags)}"


def pairs(attributes):
    return ",".join(f"{k}={v}" for k, v in attributes)


def tag(call, *arguments):
    try:
        call(*arguments)
        return "ok"
    except Refused as refused:
        return refused.tag


class Conformance(MediaFilter):
    description = Description("conformance", "1.0.0", "Does what its setting names.", state_schema=1)

    @classmethod
    def configure(cls, settings):
        settings.only("do", "text")
        cls.do = settings.text("do")
        cls.text = settings.text("text", "")
        if cls.do not in KNOWN:
            raise InvalidConfig(f'do: "{cls.do}" is nothing that this filter does')

    def __init__(self, stream, resume):
        if self.do == "unsupported":
            raise Unsupported("told not to")
        self.stream = stream
        self.seen = 0
        self.held = 0
        self.kept = None
        self.derived = None
        self.added = None
        if resume:
            if resume.schema != 1:
                raise IncompatibleState()
            self.seen = int.from_bytes(resume.data, "big")

    def subscribe(self):
        wanted = frames()
        if self.do == "interest":
            wanted = frames(kinds=[MediaKind.VIDEO], codecs=[AVC], unit_types=[5], only_keyframes=True)
        hold = 3 if self.do in ("hold", "drop-held") else 0
        return subscribe(wanted, headers=True, metadata=True, hold=hold, tick_ms=100 if self.do == "tick" else None)

    def on_header(self, track, record, frame):
        if self.do == "header":
            frame.replace(record + b"\xaa")
            return EDITED
        if self.do == "header-fault":
            raise Unsupported("told to fail")
        if self.do == "report":
            video, audio = track.video, track.audio
            say(
                "onHeader",
                track=track.id,
                kind=track.kind.name.lower(),
                codec=track.codec,
                width=video.width if video else 0,
                unit_length=video.unit_length_bytes if video else 0,
                rate=audio.sample_rate if audio else 0,
                channels=audio.channels if audio else 0,
                bytes=len(record),
            )
        if track.kind == MediaKind.AUDIO and self.do == "derive":
            self.derived = Derived("_copy", {"of": self.text})
            key = self.derived.open()
            self.derived.add_track(track, frame.retain())
            self.derived.set_metadata(Metadata("onMetaData", [("name", Text(f"{key.app}/{key.name}"))]))
        if track.kind == MediaKind.AUDIO and self.do == "add-track":
            self.added = add_track(replace(track, id=0), frame.retain())
        return PASS

    def on_metadata(self, metadata):
        if self.do == "metadata":
            metadata.fields.append(("added", Text(self.text)))
            set_metadata(metadata)
            return EDITED
        if self.do == "metadata-drop":
            return DROP
        if self.do == "kv":
            first = kv.set(BUCKET, "k", b"one")
            got = kv.get(BUCKET, "k")
            kv.compare_and_set(BUCKET, "k", first, b"two", 60_000)
            conflict = tag(kv.compare_and_set, BUCKET, "k", None, b"three")
            two = kv.get(BUCKET, "k").value.decode()
            total = kv.add(BUCKET, "n", 5) + kv.add(BUCKET, "n", -2)
            kv.delete(BUCKET, "k")
            gone = kv.get(BUCKET, "k") is None
            other = tag(kv.get, "other", "k")
            same = got.version == first
            say("onKv", got=got.value.decode(), same=same, two=two, conflict=conflict, sum=total, gone=gone, other=other)
            return EDITED
        if self.do == "entropy":
            one, two = entropy.fill(16), entropy.fill(16)
            say("onEntropy", bytes=len(one), differ=one != two)
            return EDITED
        return PASS

    def on_frame(self, meta, frame):
        video = meta.kind == MediaKind.VIDEO
        if not meta.flags & FrameFlags.WARM_UP:
            self.seen += 1
        if self.do == "pass":
            return PASS
        if self.do == "drop":
            return DROP if video and not is_key(meta) else PASS
        if self.do == "interest":
            return DROP
        if self.do == "remove-units":
            return EDITED if frame.remove_units([SEI]) else PASS
        if self.do == "units-of":
            found = frame.units_of([SEI])
            for index in found:
                frame.remove_unit(index)
            return EDITED if found else PASS
        if self.do in ("remove-unit", "replace-unit"):
            found = [index for index, unit in enumerate(frame.units()) if unit.unit_type == SEI]
            if not found:
                return PASS
            if self.do == "replace-unit":
                frame.replace_unit(found[0], b"\x06\x77")
            else:
                for index in found:
                    frame.remove_unit(index)
            return EDITED
        if self.do == "insert-unit" and video:
            frame.insert_unit(0, b"\x06\x55")
            frame.insert_unit(len(frame.units()), b"\x06\x66")
            return EDITED
        if self.do in ("replace", "edit-then-pass"):
            frame.replace(frame.read() + b"!")
            return EDITED if self.do == "replace" else PASS
        if self.do in ("hold", "drop-held") and video:
            if self.held == 3:
                if self.do == "drop-held":
                    drop_held(2)
                release_held(3)
                self.held = 0
            self.held += 1
            return HOLD
        if self.do == "emit":
            emit_before(meta, Packet(b"before"))
            emit_after(meta, frame.retain())
        if self.do == "delay" and video:
            # The payload of the frame before goes on at the time of this one.
            if self.kept:
                was, packet = self.kept
                emit_before(replace(was, dts=meta.dts, pts=meta.pts), packet)
            self.kept = (meta, frame.retain())
            return DROP
        if self.do == "retime":
            frame.retime(meta.dts + 5000, meta.pts + 7000)
            return EDITED
        if self.do == "count" and is_key(meta):
            set_metadata(Metadata("onCount", [("frames", Number(float(self.seen)))]))
        if self.do == "say" and self.seen == 1:
            log.info("said", a=1, text=self.text)
            metrics.add("seen", 2)
            metrics.set("level", 1.5)
            metrics.observe("sizes", 10.0)
        if self.do == "report":
            self.report(meta, frame)
        if self.do == "refused" and self.seen == 2:
            track = self.stream.tracks[0] if self.stream.tracks else None
            packet = frame.retain()
            late = tag(emit_after, replace(meta, dts=meta.dts - 1, pts=meta.pts - 1), packet)
            missing = tag(emit_after, replace(meta, track=300), packet)
            derived = Derived("_copy")
            closed = tag(derived.push, meta, packet)
            say("onRefused", late=late, missing=missing, derive=tag(derived.open), closed=closed, pressure=derived.pressure().name.lower())
        if self.do == "derive" and not video and self.derived:
            self.derived.push(meta, frame.retain())
        if self.do == "add-track" and not video and self.added:
            emit_after(replace(meta, track=self.added), frame.retain())
        if self.do == "trap" and self.stream.attempt == 0 and self.seen == 3:
            raise RuntimeError("told to trap")
        return PASS

    def report(self, meta, frame):
        if self.seen == 1:
            s = self.stream
            started = clock.monotonic_ns()
            say(
                "onStream",
                stream=f"{s.key.app}/{s.key.name}",
                query=pairs(s.key.query),
                ip=s.publisher.peer_ip,
                agent=s.publisher.agent,
                tags=pairs(s.tags),
                viewer=viewer(s.viewer),
                attempt=s.attempt,
                text=self.text,
                secret=secret("key"),
                none=secret("none") is None,
                unix_ms=clock.unix_ms(),
                onward=clock.monotonic_ns() >= started,
            )
        packet = Packet(b"packet")
        say(
            "onFrame",
            track=meta.track,
            kind=meta.kind.name.lower(),
            codec=meta.codec,
            key=is_key(meta),
            dts=meta.dts,
            pts=meta.pts,
            size=meta.size,
            sei=has_unit(meta, SEI),
            seq=meta.seq,
            gop=meta.gop,
            units=" ".join(f"{u.unit_type}:{u.offset}+{u.size}{'r' if u.reference else ''}" for u in frame.units()),
            head=".".join(str(b) for b in frame.read(0, 4)),
            packet=f"{packet.size()} {packet.read(2, 3).decode()} {packet.read(4, 100).decode()}",
        )

    def on_tick(self, now):
        set_metadata(Metadata("onTick", [("now", Number(float(now)))]))

    def flush(self):
        if self.do == "say":
            say("onFlush", seen=self.seen)

    def snapshot(self):
        return SavedState(1, self.seen.to_bytes(8, "big")) if self.do == "count" else None

    def end(self, reason):
        if self.do == "say":
            log.info("ended", reason=reason.name.lower().replace("_", "-"))
