// Does what its setting `do` names: the media filter of the conformance suite in `tests/languages`.

#include <stdlib.h>
#include <string.h>

#include "media_filter.h"

#define M(name) exports_weir_filter_media_##name
#define PASS EXPORTS_WEIR_FILTER_MEDIA_VERDICT_PASS
#define DROP EXPORTS_WEIR_FILTER_MEDIA_VERDICT_DROP
#define EDITED EXPORTS_WEIR_FILTER_MEDIA_VERDICT_EDITED
#define HOLD EXPORTS_WEIR_FILTER_MEDIA_VERDICT_HOLD

enum { AVC1 = 0x61766331, SEI = 6 };

typedef media_filter_string_t string;
typedef media_filter_list_u8_t bytes;
typedef M(borrow_stream_filter_t) stream;

static const char *const KNOWN[] = {
    "pass", "drop", "interest", "remove-unit", "remove-units", "units-of", "insert-unit", "replace-unit", "replace", "edit-then-pass", "hold", "drop-held", "emit",
    "delay", "retime", "header", "header-fault", "metadata", "metadata-drop", "tick", "count", "say", "report", "refused", "kv", "entropy",
    "derive", "add-track", "trap", "unsupported",
};

// The settings; what is pointed to stays for the instance's life.
static const char *deed = "";
static const char *text = "";

struct exports_weir_filter_media_stream_filter_t {
    M(stream_info_t) info;
    uint64_t seen;
    uint32_t held;
    bool keeps;
    M(frame_meta_t) was;
    weir_filter_output_own_packet_t kept;
    bool derives;
    weir_filter_output_own_derived_t derived;
    uint16_t added;
};

static bool is(const char *what) {
    return strcmp(deed, what) == 0;
}

static string str(const char *of) {
    string s;
    media_filter_string_set(&s, of);
    return s;
}

static bytes list(const void *of, size_t size) {
    return (bytes){(uint8_t *)of, size};
}

// ---- Texts of one hook: they stand in a buffer that is used from its start again with the next hook.

static char room[8192];
static size_t used;

static void put(char c) {
    if (used + 1 >= sizeof room) {
        abort();
    }
    room[used++] = c;
}

static void puts_(const char *of) {
    while (*of) {
        put(*of++);
    }
}

static void putn(const void *of, size_t size) {
    for (size_t i = 0; i < size; i++) {
        put(((const char *)of)[i]);
    }
}

static void number(uint64_t n) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    while (count) {
        put(digits[--count]);
    }
}

static const char *end(size_t from) {
    put(0);
    return room + from;
}

static const char *num(uint64_t n) {
    size_t from = used;
    number(n);
    return end(from);
}

static const char *signed_num(int64_t n) {
    size_t from = used;
    if (n < 0) {
        put('-');
    }
    number(n < 0 ? -(uint64_t)n : (uint64_t)n);
    return end(from);
}

static const char *copy(string of) {
    size_t from = used;
    putn(of.ptr, of.len);
    return end(from);
}

static const char *copy_bytes(bytes of) {
    size_t from = used;
    putn(of.ptr, of.len);
    return end(from);
}

static const char *truth(bool b) {
    return b ? "true" : "false";
}

static void put_pairs(weir_filter_types_attributes_t of) {
    for (size_t i = 0; i < of.len; i++) {
        puts_(i ? "," : "");
        putn(of.ptr[i].f0.ptr, of.ptr[i].f0.len);
        put('=');
        putn(of.ptr[i].f1.ptr, of.ptr[i].f1.len);
    }
}

static const char *pairs(weir_filter_types_attributes_t of) {
    size_t from = used;
    put_pairs(of);
    return end(from);
}

static const char *viewer(weir_filter_types_viewer_info_t *of) {
    size_t from = used;
    number(of->id);
    put(' ');
    putn(of->conn.peer_ip.ptr, of->conn.peer_ip.len);
    put(' ');
    putn(of->key.app.ptr, of->key.app.len);
    put('/');
    putn(of->key.name.ptr, of->key.name.len);
    put(' ');
    put_pairs(of->key.query);
    put(' ');
    put_pairs(of->tags);
    return end(from);
}

static const char *path(weir_filter_types_stream_key_t *key) {
    size_t from = used;
    putn(key->app.ptr, key->app.len);
    put('/');
    putn(key->name.ptr, key->name.len);
    return end(from);
}

static const char *kind(uint8_t of) {
    return of == WEIR_FILTER_TYPES_MEDIA_KIND_AUDIO ? "audio" : of == WEIR_FILTER_TYPES_MEDIA_KIND_VIDEO ? "video" : "data";
}

// ---- What is said.

static void send(const char *name, weir_filter_types_tuple2_string_scalar_t *fields, size_t count) {
    weir_filter_output_metadata_t message = {str(name), {fields, count}};
    weir_filter_output_output_error_t err;
    if (!weir_filter_output_set_metadata(&message, &err)) {
        abort();
    }
}

static void say(const char *name, const char *const (*fields)[2], size_t count) {
    weir_filter_types_tuple2_string_scalar_t list[16];
    for (size_t i = 0; i < count; i++) {
        list[i].f0 = str(fields[i][0]);
        list[i].f1.tag = WEIR_FILTER_TYPES_SCALAR_TEXT;
        list[i].f1.val.text = str(fields[i][1]);
    }
    send(name, list, count);
}

#define SAY(name, ...) \
    do { \
        const char *const fields_[][2] = {__VA_ARGS__}; \
        say(name, fields_, sizeof fields_ / sizeof *fields_); \
    } while (0)

static void say_number(const char *name, const char *path, double value) {
    weir_filter_types_tuple2_string_scalar_t field = {str(path), {.tag = WEIR_FILTER_TYPES_SCALAR_NUMBER}};
    field.f1.val.number = value;
    send(name, &field, 1);
}

static const char *answer(bool ok, weir_filter_output_output_error_t err) {
    static const char *const tags[] = {"denied", "no-such-track", "name-taken", "full", "out-of-order", "closed"};
    return ok ? "ok" : tags[err.tag];
}

static const char *kv_answer(bool ok, weir_filter_kv_kv_error_t err) {
    static const char *const tags[] = {"no-such-bucket", "denied", "too-large", "conflict", "unavailable"};
    return ok ? "ok" : tags[err.tag];
}

static void log_line(const char *message, media_filter_tuple2_string_string_t *fields, size_t count) {
    string m = str(message);
    media_filter_list_tuple2_string_string_t f = {fields, count};
    weir_filter_log_write(WEIR_FILTER_LOG_LEVEL_INFO, &m, &f);
}

// ---- Settings.

// The text of a key in the flat table of the operator's file; null if there is none. Escapes are left as they are.
static const char *setting(string *json, const char *key) {
    size_t length = strlen(key);
    for (size_t i = 0; i + length + 4 <= json->len; i++) {
        const uint8_t *at = json->ptr + i;
        if (at[0] == '"' && memcmp(at + 1, key, length) == 0 && at[length + 1] == '"' && at[length + 2] == ':' && at[length + 3] == '"') {
            const uint8_t *from = at + length + 4;
            const uint8_t *to = from;
            while (to < json->ptr + json->len && *to != '"') {
                to++;
            }
            char *value = calloc((size_t)(to - from) + 1, 1);
            memcpy(value, from, (size_t)(to - from));
            return value;
        }
    }
    return 0;
}

void exports_weir_filter_lifecycle_describe(exports_weir_filter_lifecycle_description_t *ret) {
    memset(ret, 0, sizeof *ret);
    media_filter_string_dup(&ret->name, "conformance");
    media_filter_string_dup(&ret->version, "1.0.0");
    media_filter_string_dup(&ret->summary, "Does what its setting names.");
    ret->state_schema = 1;
}

bool exports_weir_filter_lifecycle_configure(exports_weir_filter_lifecycle_fault_t *err) {
    string json;
    weir_filter_config_json(&json);
    const char *wanted = setting(&json, "do");
    const char *given = setting(&json, "text");
    media_filter_string_free(&json);
    text = given ? given : "";
    for (size_t i = 0; wanted && i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (strcmp(wanted, KNOWN[i]) == 0) {
            deed = wanted;
            return true;
        }
    }
    err->tag = WEIR_FILTER_TYPES_FAULT_INVALID_CONFIG;
    media_filter_string_dup(&err->val.invalid_config, "do: nothing that this filter does");
    return false;
}

// ---- Hooks.

bool exports_weir_filter_media_static_stream_filter_open(
    M(stream_info_t) *info, M(saved_state_t) *resume, M(own_stream_filter_t) *ret, M(fault_t) *err
) {
    if (is("unsupported")) {
        exports_weir_filter_media_stream_info_free(info);
        err->tag = WEIR_FILTER_TYPES_FAULT_UNSUPPORTED;
        media_filter_string_dup(&err->val.unsupported, "told not to");
        return false;
    }
    M(stream_filter_t) *rep = calloc(1, sizeof *rep);
    // It is the filter's now; the destructor frees it.
    rep->info = *info;
    if (resume) {
        for (size_t i = 0; resume->schema == 1 && i < resume->data.len; i++) {
            rep->seen = rep->seen << 8 | resume->data.ptr[i];
        }
        exports_weir_filter_media_saved_state_free(resume);
    }
    *ret = exports_weir_filter_media_stream_filter_new(rep);
    return true;
}

void exports_weir_filter_media_method_stream_filter_subscribe(stream self, M(subscription_t) *ret) {
    (void)self;
    memset(ret, 0, sizeof *ret);
    ret->frames.len = 1;
    M(interest_t) *interest = ret->frames.ptr = calloc(1, sizeof *ret->frames.ptr);
    if (is("interest")) {
        interest->kinds.len = interest->codecs.len = 1;
        interest->kinds.ptr = malloc(sizeof *interest->kinds.ptr);
        interest->kinds.ptr[0] = WEIR_FILTER_TYPES_MEDIA_KIND_VIDEO;
        interest->codecs.ptr = malloc(sizeof *interest->codecs.ptr);
        interest->codecs.ptr[0] = AVC1;
        interest->only_keyframes = true;
        interest->unit_types = 1 << 5;
    }
    ret->headers = ret->metadata = true;
    ret->max_hold_frames = is("hold") || is("drop-held") ? 3 : 0;
    ret->tick_ms.is_some = is("tick");
    ret->tick_ms.val = 100;
}

static M(verdict_t) edit_units(void) {
    M(verdict_t) verdict = PASS;
    weir_filter_frame_list_unit_info_t units;
    weir_filter_frame_units(&units);
    for (size_t i = 0; i < units.len; i++) {
        if (units.ptr[i].unit_type != SEI) {
            continue;
        }
        verdict = EDITED;
        if (is("replace-unit")) {
            bytes unit = list("\x06\x77", 2);
            weir_filter_frame_replace_unit(i, &unit);
            break;
        }
        weir_filter_frame_remove_unit(i);
    }
    weir_filter_frame_list_unit_info_free(&units);
    return verdict;
}

static void replace_with(bytes payload, uint8_t more) {
    uint8_t *longer = malloc(payload.len + 1);
    memcpy(longer, payload.ptr, payload.len);
    longer[payload.len] = more;
    bytes whole = list(longer, payload.len + 1);
    weir_filter_frame_replace(&whole);
    free(longer);
}

static void report(stream self, M(frame_meta_t) *meta) {
    if (self->seen == 1) {
        M(stream_info_t) *i = &self->info;
        uint64_t started = weir_filter_clock_monotonic_ns();
        string key = str("key"), none = str("none"), secret = {0}, nothing;
        bool has = weir_filter_config_secret(&key, &secret);
        bool there = weir_filter_config_secret(&none, &nothing);
        SAY("onStream", {"stream", path(&i->key)}, {"query", pairs(i->key.query)}, {"ip", copy(i->publisher.peer_ip)},
            {"agent", copy(i->publisher.agent)}, {"tags", pairs(i->tags)}, {"viewer", i->viewer.is_some ? viewer(&i->viewer.val) : "none"},
            {"attempt", num(i->attempt)}, {"text", text}, {"secret", copy(secret)}, {"none", truth(!there)},
            {"unix_ms", num(weir_filter_clock_unix_ms())}, {"onward", truth(weir_filter_clock_monotonic_ns() >= started)});
        if (has) {
            media_filter_string_free(&secret);
        }
    }
    weir_filter_frame_list_unit_info_t list_of;
    weir_filter_frame_units(&list_of);
    size_t units = used;
    for (size_t i = 0; i < list_of.len; i++) {
        puts_(i ? " " : "");
        number(list_of.ptr[i].unit_type);
        put(':');
        number(list_of.ptr[i].offset);
        put('+');
        number(list_of.ptr[i].size);
        puts_(list_of.ptr[i].reference ? "r" : "");
    }
    end(units);
    weir_filter_frame_list_unit_info_free(&list_of);
    bytes part;
    weir_filter_frame_read(0, 4, &part);
    size_t head = used;
    for (size_t i = 0; i < part.len; i++) {
        puts_(i ? "." : "");
        number(part.ptr[i]);
    }
    end(head);
    media_filter_list_u8_free(&part);
    bytes own = list("packet", 6), middle, rest;
    weir_filter_output_own_packet_t packet = weir_filter_output_constructor_packet(&own);
    weir_filter_output_borrow_packet_t lent = weir_filter_output_borrow_packet(packet);
    weir_filter_output_method_packet_read(lent, 2, 3, &middle);
    weir_filter_output_method_packet_read(lent, 4, 100, &rest);
    size_t told = used;
    number(weir_filter_output_method_packet_size(lent));
    put(' ');
    putn(middle.ptr, middle.len);
    put(' ');
    putn(rest.ptr, rest.len);
    end(told);
    media_filter_list_u8_free(&middle);
    media_filter_list_u8_free(&rest);
    weir_filter_output_packet_drop_own(packet);
    SAY("onFrame", {"track", num(meta->track)}, {"kind", kind(meta->kind)}, {"codec", num(meta->codec)},
        {"key", truth(meta->flags & WEIR_FILTER_TYPES_FRAME_FLAGS_KEY)}, {"dts", signed_num(meta->dts)}, {"pts", signed_num(meta->pts)},
        {"size", num(meta->size)}, {"sei", truth(meta->unit_types >> SEI & 1)}, {"seq", num(meta->seq)}, {"gop", num(meta->gop)},
        {"units", room + units}, {"head", room + head}, {"packet", room + told});
}

static void refused(M(frame_meta_t) *meta) {
    weir_filter_output_output_error_t err = {0}, missing_err = {0}, closed_err = {0}, open_err = {0};
    weir_filter_output_own_packet_t packet = weir_filter_frame_retain();
    weir_filter_output_borrow_packet_t lent = weir_filter_output_borrow_packet(packet);
    M(frame_meta_t) late = *meta, elsewhere = *meta;
    late.dts--;
    late.pts--;
    elsewhere.track = 300;
    bool too_late = weir_filter_output_emit_after(&late, lent, &err);
    bool missing = weir_filter_output_emit_after(&elsewhere, lent, &missing_err);
    string suffix = str("_copy");
    weir_filter_output_attributes_t none = {0};
    weir_filter_output_own_derived_t derived = weir_filter_output_constructor_derived(&suffix, &none);
    weir_filter_output_borrow_derived_t d = weir_filter_output_borrow_derived(derived);
    bool pushed = weir_filter_output_method_derived_push(d, meta, lent, &closed_err);
    static const char *const pressures[] = {"low", "high", "full"};
    const char *pressure = pressures[weir_filter_output_method_derived_pressure(d)];
    weir_filter_output_stream_key_t key;
    bool opened = weir_filter_output_method_derived_open(d, &key, &open_err);
    SAY("onRefused", {"late", answer(too_late, err)}, {"missing", answer(missing, missing_err)}, {"derive", answer(opened, open_err)},
        {"closed", answer(pushed, closed_err)}, {"pressure", pressure});
    weir_filter_output_derived_drop_own(derived);
    weir_filter_output_packet_drop_own(packet);
}

// The frame in hand once more, behind itself, on a track.
static void again(M(frame_meta_t) *meta, uint16_t track) {
    M(frame_meta_t) own = *meta;
    own.track = track;
    weir_filter_output_own_packet_t packet = weir_filter_frame_retain();
    weir_filter_output_output_error_t err;
    if (!weir_filter_output_emit_after(&own, weir_filter_output_borrow_packet(packet), &err)) {
        abort();
    }
    weir_filter_output_packet_drop_own(packet);
}

M(verdict_t) exports_weir_filter_media_method_stream_filter_on_frame(stream self, M(frame_meta_t) *meta) {
    weir_filter_output_output_error_t err;
    bool video = meta->kind == WEIR_FILTER_TYPES_MEDIA_KIND_VIDEO;
    bool key = meta->flags & WEIR_FILTER_TYPES_FRAME_FLAGS_KEY;
    used = 0;
    self->seen += !(meta->flags & WEIR_FILTER_TYPES_FRAME_FLAGS_WARM_UP);
    if (is("drop")) {
        return video && !key ? DROP : PASS;
    }
    if (is("interest")) {
        return DROP;
    }
    if (is("remove-units")) {
        return weir_filter_frame_remove_units(1ull << SEI) ? EDITED : PASS;
    }
    if (is("units-of")) {
        uint64_t found = weir_filter_frame_units_of(1ull << SEI);
        for (uint64_t left = found; left; left &= left - 1) {
            weir_filter_frame_remove_unit(__builtin_ctzll(left));
        }
        return found ? EDITED : PASS;
    }
    if (is("remove-unit") || is("replace-unit")) {
        return edit_units();
    }
    if (is("insert-unit") && video) {
        weir_filter_frame_list_unit_info_t units;
        weir_filter_frame_units(&units);
        bytes first = list("\x06\x55", 2), last = list("\x06\x66", 2);
        weir_filter_frame_insert_unit(0, &first);
        weir_filter_frame_insert_unit(units.len, &last);
        weir_filter_frame_list_unit_info_free(&units);
        return EDITED;
    }
    if (is("replace") || is("edit-then-pass")) {
        bytes payload;
        weir_filter_frame_read(0, UINT32_MAX, &payload);
        replace_with(payload, '!');
        media_filter_list_u8_free(&payload);
        return is("replace") ? EDITED : PASS;
    }
    if ((is("hold") || is("drop-held")) && video) {
        if (self->held == 3) {
            if (is("drop-held")) {
                weir_filter_output_drop_held(2);
            }
            weir_filter_output_release_held(3);
            self->held = 0;
        }
        self->held++;
        return HOLD;
    }
    if (is("emit")) {
        bytes own = list("before", 6);
        weir_filter_output_own_packet_t packet = weir_filter_output_constructor_packet(&own);
        if (!weir_filter_output_emit_before(meta, weir_filter_output_borrow_packet(packet), &err)) {
            abort();
        }
        weir_filter_output_packet_drop_own(packet);
        again(meta, meta->track);
    }
    if (is("delay") && video) {
        // The payload of the frame before goes on at the time of this one.
        if (self->keeps) {
            self->was.dts = meta->dts;
            self->was.pts = meta->pts;
            if (!weir_filter_output_emit_before(&self->was, weir_filter_output_borrow_packet(self->kept), &err)) {
                abort();
            }
            weir_filter_output_packet_drop_own(self->kept);
        }
        self->keeps = true;
        self->was = *meta;
        self->kept = weir_filter_frame_retain();
        return DROP;
    }
    if (is("retime")) {
        weir_filter_frame_retime(meta->dts + 5000, meta->pts + 7000);
        return EDITED;
    }
    if (is("count") && key) {
        say_number("onCount", "frames", (double)self->seen);
    }
    if (is("say") && self->seen == 1) {
        media_filter_tuple2_string_string_t fields[] = {{str("a"), str("1")}, {str("text"), str(text)}};
        log_line("said", fields, 2);
        string seen = str("seen"), level = str("level"), sizes = str("sizes");
        weir_filter_metrics_add(&seen, 2);
        weir_filter_metrics_set(&level, 1.5);
        weir_filter_metrics_observe(&sizes, 10);
    }
    if (is("report")) {
        report(self, meta);
    }
    if (is("refused") && self->seen == 2) {
        refused(meta);
    }
    if (self->derives && !video) {
        weir_filter_output_own_packet_t packet = weir_filter_frame_retain();
        weir_filter_output_borrow_derived_t derived = weir_filter_output_borrow_derived(self->derived);
        if (!weir_filter_output_method_derived_push(derived, meta, weir_filter_output_borrow_packet(packet), &err)) {
            abort();
        }
        weir_filter_output_packet_drop_own(packet);
    }
    if (self->added && !video) {
        again(meta, self->added);
    }
    if (is("trap") && self->info.attempt == 0 && self->seen == 3) {
        // There is no panic in C: what is to be read in the log is written there.
        string message = str("told to trap");
        media_filter_list_tuple2_string_string_t none = {0};
        weir_filter_log_write(WEIR_FILTER_LOG_LEVEL_ERROR, &message, &none);
        abort();
    }
    return PASS;
}

bool exports_weir_filter_media_method_stream_filter_on_header(
    stream self, M(track_info_t) *track, bytes *header, M(verdict_t) *ret, M(fault_t) *err
) {
    weir_filter_output_output_error_t refusal;
    bool audio = track->kind == WEIR_FILTER_TYPES_MEDIA_KIND_AUDIO, good = true;
    used = 0;
    *ret = PASS;
    if (is("header")) {
        replace_with(*header, 0xaa);
        *ret = EDITED;
    }
    if (is("header-fault")) {
        err->tag = WEIR_FILTER_TYPES_FAULT_UNSUPPORTED;
        media_filter_string_dup(&err->val.unsupported, "told to fail");
        good = false;
    }
    if (is("report")) {
        weir_filter_types_video_params_t v = track->video.is_some ? track->video.val : (weir_filter_types_video_params_t){0};
        weir_filter_types_audio_params_t a = track->audio.is_some ? track->audio.val : (weir_filter_types_audio_params_t){0};
        SAY("onHeader", {"track", num(track->id)}, {"kind", kind(track->kind)}, {"codec", num(track->codec)}, {"width", num(v.width)},
            {"unit_length", num(v.unit_length_bytes)}, {"rate", num(a.sample_rate)}, {"channels", num(a.channels)},
            {"bytes", num(header->len)});
    }
    if (audio && (is("derive") || is("add-track"))) {
        weir_filter_output_own_packet_t packet = weir_filter_frame_retain();
        weir_filter_output_borrow_packet_t record = weir_filter_output_borrow_packet(packet);
        if (is("add-track")) {
            uint16_t id = track->id;
            track->id = 0;
            good = weir_filter_output_add_track(track, &record, &self->added, &refusal);
            track->id = id;
        } else {
            string suffix = str("_copy");
            media_filter_tuple2_string_string_t tag = {str("of"), str(text)};
            weir_filter_output_attributes_t tags = {&tag, 1};
            weir_filter_output_stream_key_t key;
            uint16_t id;
            self->derived = weir_filter_output_constructor_derived(&suffix, &tags);
            self->derives = true;
            weir_filter_output_borrow_derived_t derived = weir_filter_output_borrow_derived(self->derived);
            good = weir_filter_output_method_derived_open(derived, &key, &refusal) &&
                   weir_filter_output_method_derived_add_track(derived, track, &record, &id, &refusal);
            if (good) {
                weir_filter_types_tuple2_string_scalar_t field = {str("name"), {.tag = WEIR_FILTER_TYPES_SCALAR_TEXT}};
                field.f1.val.text = str(path(&key));
                weir_filter_output_metadata_t message = {str("onMetaData"), {&field, 1}};
                good = weir_filter_output_method_derived_set_metadata(derived, &message, &refusal);
                weir_filter_output_stream_key_free(&key);
            }
        }
        weir_filter_output_packet_drop_own(packet);
        if (!good) {
            err->tag = WEIR_FILTER_TYPES_FAULT_INTERNAL;
            media_filter_string_dup(&err->val.internal, answer(false, refusal));
        }
    }
    exports_weir_filter_media_track_info_free(track);
    media_filter_list_u8_free(header);
    return good;
}

static bool set(const char *key, uint64_t *expect, bool compare, const char *value, uint64_t *version, weir_filter_kv_kv_error_t *err) {
    string bucket = str("conformance"), k = str(key);
    bytes v = list(value, strlen(value));
    uint64_t ttl = 60000;
    return compare ? weir_filter_kv_compare_and_set(&bucket, &k, expect, &v, &ttl, version, err)
                   : weir_filter_kv_set(&bucket, &k, &v, 0, version, err);
}

static void use_kv(void) {
    string bucket = str("conformance"), k = str("k"), n = str("n"), other = str("other");
    weir_filter_kv_kv_error_t err = {0}, conflict_err = {0}, other_err = {0};
    weir_filter_kv_option_item_t got, two, gone, none;
    uint64_t first, version;
    int64_t five, three;
    bool good = set("k", 0, false, "one", &first, &err) && weir_filter_kv_get(&bucket, &k, &got, &err) && got.is_some &&
                set("k", &first, true, "two", &version, &err);
    bool conflict = set("k", 0, true, "three", &version, &conflict_err);
    good = good && weir_filter_kv_get(&bucket, &k, &two, &err) && two.is_some && weir_filter_kv_add(&bucket, &n, 5, 0, &five, &err) &&
           weir_filter_kv_add(&bucket, &n, -2, 0, &three, &err) && weir_filter_kv_delete(&bucket, &k, &err) &&
           weir_filter_kv_get(&bucket, &k, &gone, &err);
    if (!good) {
        abort();
    }
    bool denied = weir_filter_kv_get(&other, &k, &none, &other_err);
    SAY("onKv", {"got", copy_bytes(got.val.value)}, {"same", truth(got.val.version == first)}, {"two", copy_bytes(two.val.value)},
        {"conflict", kv_answer(conflict, conflict_err)}, {"sum", signed_num(five + three)}, {"gone", truth(!gone.is_some)},
        {"other", kv_answer(denied, other_err)});
    weir_filter_kv_option_item_free(&got);
    weir_filter_kv_option_item_free(&two);
}

static void add_field(M(metadata_t) *meta) {
    size_t count = meta->fields.len;
    weir_filter_types_tuple2_string_scalar_t *fields = malloc((count + 1) * sizeof *fields);
    memcpy(fields, meta->fields.ptr, count * sizeof *fields);
    fields[count].f0 = str("added");
    fields[count].f1.tag = WEIR_FILTER_TYPES_SCALAR_TEXT;
    fields[count].f1.val.text = str(text);
    weir_filter_output_metadata_t message = {meta->name, {fields, count + 1}};
    weir_filter_output_output_error_t err;
    if (!weir_filter_output_set_metadata(&message, &err)) {
        abort();
    }
    free(fields);
}

bool exports_weir_filter_media_method_stream_filter_on_metadata(stream self, M(metadata_t) *meta, M(verdict_t) *ret, M(fault_t) *err) {
    (void)self, (void)err;
    used = 0;
    *ret = PASS;
    if (is("metadata")) {
        add_field(meta);
        *ret = EDITED;
    }
    if (is("metadata-drop")) {
        *ret = DROP;
    }
    if (is("kv")) {
        use_kv();
        *ret = EDITED;
    }
    if (is("entropy")) {
        bytes one, two;
        weir_filter_entropy_fill(16, &one);
        weir_filter_entropy_fill(16, &two);
        SAY("onEntropy", {"bytes", num(one.len)}, {"differ", truth(memcmp(one.ptr, two.ptr, 16) != 0)});
        media_filter_list_u8_free(&one);
        media_filter_list_u8_free(&two);
        *ret = EDITED;
    }
    exports_weir_filter_media_metadata_free(meta);
    return true;
}

void exports_weir_filter_media_method_stream_filter_on_tick(stream self, int64_t now) {
    (void)self;
    say_number("onTick", "now", (double)now);
}

void exports_weir_filter_media_method_stream_filter_flush(stream self) {
    used = 0;
    if (is("say")) {
        SAY("onFlush", {"seen", num(self->seen)});
    }
}

bool exports_weir_filter_media_method_stream_filter_snapshot(stream self, M(saved_state_t) *ret) {
    if (!is("count")) {
        return false;
    }
    ret->schema = 1;
    ret->data.len = 8;
    ret->data.ptr = malloc(8);
    for (int i = 0; i < 8; i++) {
        ret->data.ptr[i] = (uint8_t)(self->seen >> (56 - 8 * i));
    }
    return true;
}

void exports_weir_filter_media_method_stream_filter_end(stream self, M(end_reason_t) reason) {
    (void)self;
    if (is("say")) {
        bool source = reason == WEIR_FILTER_TYPES_END_REASON_SOURCE_ENDED;
        media_filter_tuple2_string_string_t field = {str("reason"), str(source ? "source-ended" : "other")};
        log_line("ended", &field, 1);
    }
}

void exports_weir_filter_media_stream_filter_destructor(M(stream_filter_t) *rep) {
    if (rep->keeps) {
        weir_filter_output_packet_drop_own(rep->kept);
    }
    if (rep->derives) {
        weir_filter_output_derived_drop_own(rep->derived);
    }
    exports_weir_filter_media_stream_info_free(&rep->info);
    free(rep);
}
