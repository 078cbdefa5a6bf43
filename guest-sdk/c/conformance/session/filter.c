// Answers what its setting `do` names: the session filter of the conformance suite in `tests/languages`.

#include <stdlib.h>
#include <string.h>

#include "session_filter.h"

#define S(name) exports_weir_filter_session_##name

typedef session_filter_string_t string;
typedef S(decision_t) decision;

static const char *const KNOWN[] = {"abstain", "allow", "deny", "redirect", "recheck", "report", "trap", "kv"};

// The settings; what is pointed to stays for the instance's life.
static const char *deed = "";
static const char *text = "";

static bool is(const char *what) {
    return strcmp(deed, what) == 0;
}

static string str(const char *of) {
    string s;
    session_filter_string_set(&s, of);
    return s;
}

// ---- Texts of one hook: they stand in a buffer that is used from its start again with the next hook.

static char room[8192];
static size_t used;

static void put(const void *of, size_t size) {
    if (used + size >= sizeof room) {
        abort();
    }
    memcpy(room + used, of, size);
    used += size;
}

static void puts_(const char *of) {
    put(of, strlen(of));
}

static void put_string(string of) {
    put(of.ptr, of.len);
}

static void number(uint64_t n) {
    char digits[20];
    char *at = digits + sizeof digits;
    do {
        *--at = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    put(at, (size_t)(digits + sizeof digits - at));
}

static const char *end(size_t from) {
    put("", 1);
    return room + from;
}

static const char *num(uint64_t n) {
    size_t from = used;
    number(n);
    return end(from);
}

static const char *signed_num(int64_t n) {
    size_t from = used;
    puts_(n < 0 ? "-" : "");
    number(n < 0 ? -(uint64_t)n : (uint64_t)n);
    return end(from);
}

static const char *copy(string of) {
    size_t from = used;
    put_string(of);
    return end(from);
}

static const char *truth(bool b) {
    return b ? "true" : "false";
}

static const char *pairs(weir_filter_types_attributes_t of) {
    size_t from = used;
    for (size_t i = 0; i < of.len; i++) {
        puts_(i ? "," : "");
        put_string(of.ptr[i].f0);
        puts_("=");
        put_string(of.ptr[i].f1);
    }
    return end(from);
}

static const char *path(S(stream_key_t) *key) {
    size_t from = used;
    put_string(key->app);
    puts_("/");
    put_string(key->name);
    return end(from);
}

// ---- Answers: what they point to comes from malloc, the bindings free it.

static void tag(S(grant_t) *grant, const char *name, const char *value) {
    session_filter_tuple2_string_string_t *tags = realloc(grant->tags.ptr, (grant->tags.len + 1) * sizeof *tags);
    session_filter_string_dup(&tags[grant->tags.len].f0, name);
    session_filter_string_dup(&tags[grant->tags.len].f1, value);
    grant->tags.ptr = tags;
    grant->tags.len++;
}

static S(grant_t) *allow(decision *ret) {
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_ALLOW;
    return &ret->val.allow;
}

static void deny(decision *ret, const char *reason) {
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_DENY;
    session_filter_string_dup(&ret->val.deny.code, "");
    session_filter_string_dup(&ret->val.deny.reason, reason);
}

static void answer(decision *ret) {
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_ABSTAIN;
    if (is("allow")) {
        S(grant_t) *grant = allow(ret);
        grant->rename.is_some = true;
        session_filter_string_dup(&grant->rename.val.app, "live");
        session_filter_string_dup(&grant->rename.val.name, "public");
        tag(grant, "plan", "gold");
        tag(grant, "text", text);
        grant->max_kbps.is_some = grant->max_duration_ms.is_some = grant->recheck_ms.is_some = true;
        grant->max_kbps.val = 3000;
        grant->max_duration_ms.val = 60000;
        grant->recheck_ms.val = 500;
        grant->push_to.ptr = malloc(sizeof *grant->push_to.ptr);
        grant->push_to.len = 1;
        session_filter_string_dup(&grant->push_to.ptr[0], "rtmp://127.0.0.1/live/x");
    } else if (is("deny")) {
        deny(ret, text);
        session_filter_string_dup(&ret->val.deny.code, "NetStream.Publish.Denied");
        ret->val.deny.disconnect = true;
        ret->val.deny.hold_ms = 1500;
    } else if (is("redirect")) {
        ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_REDIRECT;
        session_filter_string_dup(&ret->val.redirect.url, "rtmp://127.0.0.2/live/x");
        ret->val.redirect.permanent = true;
    } else if (is("recheck")) {
        S(grant_t) *grant = allow(ret);
        grant->recheck_ms.is_some = true;
        grant->recheck_ms.val = 500;
    } else if (is("trap")) {
        // There is no panic in C: what is to be read in the log is written there.
        string message = str("told to trap");
        session_filter_list_tuple2_string_string_t none = {0};
        weir_filter_log_write(WEIR_FILTER_LOG_LEVEL_ERROR, &message, &none);
        abort();
    }
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
    session_filter_string_dup(&ret->name, "conformance");
    session_filter_string_dup(&ret->version, "1.0.0");
    session_filter_string_dup(&ret->summary, "Answers what its setting names.");
}

bool exports_weir_filter_lifecycle_configure(exports_weir_filter_lifecycle_fault_t *err) {
    string json;
    weir_filter_config_json(&json);
    const char *wanted = setting(&json, "do");
    const char *given = setting(&json, "text");
    session_filter_string_free(&json);
    text = given ? given : "";
    for (size_t i = 0; wanted && i < sizeof KNOWN / sizeof *KNOWN; i++) {
        if (strcmp(wanted, KNOWN[i]) == 0) {
            deed = wanted;
            return true;
        }
    }
    err->tag = WEIR_FILTER_TYPES_FAULT_INVALID_CONFIG;
    session_filter_string_dup(&err->val.invalid_config, "do: nothing that this filter does");
    return false;
}

// ---- Hooks. What comes in belongs to the filter: it must be freed.

void exports_weir_filter_session_on_connect(S(connection_info_t) *info, decision *ret) {
    used = 0;
    if (is("report")) {
        tag(allow(ret), "app", copy(info->app));
    } else {
        answer(ret);
    }
    exports_weir_filter_session_connection_info_free(info);
}

static void told(S(publish_request_t) *req, decision *ret) {
    S(grant_t) *grant = allow(ret);
    weir_filter_types_connection_info_t *c = &req->conn;
    tag(grant, "stream", path(&req->key));
    tag(grant, "query", pairs(req->key.query));
    tag(grant, "mode", copy(req->mode));
    tag(grant, "takes_over", truth(req->takes_over));
    tag(grant, "id", num(c->id));
    tag(grant, "protocol", copy(c->protocol));
    size_t peer = used;
    put_string(c->peer_ip);
    puts_(":");
    number(c->peer_port);
    tag(grant, "peer", end(peer));
    tag(grant, "port", num(c->local_port));
    size_t tls = used;
    if (c->tls.is_some) {
        put_string(c->tls.val.protocol);
        puts_(" ");
        if (c->tls.val.sni.is_some) {
            put_string(c->tls.val.sni.val);
        }
    } else {
        puts_("none");
    }
    tag(grant, "tls", end(tls));
    tag(grant, "tc_url", copy(c->tc_url));
    tag(grant, "agent", copy(c->agent));
    size_t fourccs = used;
    for (size_t i = 0; i < c->fourccs.len; i++) {
        puts_(i ? "," : "");
        number(c->fourccs.ptr[i]);
    }
    tag(grant, "fourccs", end(fourccs));
    tag(grant, "extra", pairs(c->extra));
    tag(grant, "text", text);
    string key = str("key"), none = str("none"), secret = {0}, nothing;
    bool has = weir_filter_config_secret(&key, &secret);
    tag(grant, "secret", copy(secret));
    tag(grant, "none", truth(!weir_filter_config_secret(&none, &nothing)));
    if (has) {
        session_filter_string_free(&secret);
    }
}

void exports_weir_filter_session_on_publish(S(publish_request_t) *req, decision *ret) {
    used = 0;
    if (is("report")) {
        told(req, ret);
    } else if (is("kv")) {
        string bucket = str("conformance");
        uint64_t ttl = 60000;
        int64_t count;
        weir_filter_kv_kv_error_t err;
        if (weir_filter_kv_add(&bucket, &req->key.name, 1, &ttl, &count, &err)) {
            tag(allow(ret), "count", signed_num(count));
        } else {
            deny(ret, "kv");
        }
    } else {
        answer(ret);
    }
    exports_weir_filter_session_publish_request_free(req);
}

void exports_weir_filter_session_on_play(S(play_request_t) *req, decision *ret) {
    used = 0;
    if (is("report")) {
        S(grant_t) *grant = allow(ret);
        tag(grant, "stream", path(&req->key));
        tag(grant, "start_ms", signed_num(req->start_ms));
        tag(grant, "duration_ms", signed_num(req->duration_ms));
    } else {
        answer(ret);
    }
    exports_weir_filter_session_play_request_free(req);
}

void exports_weir_filter_session_on_recheck(S(session_ref_t) *who, decision *ret) {
    used = 0;
    if (is("report")) {
        static const char *const roles[] = {"connecting", "publishing", "playing"};
        S(grant_t) *grant = allow(ret);
        tag(grant, "role", roles[who->role]);
        tag(grant, "id", num(who->stream.is_some ? who->stream.val : 0));
        tag(grant, "stream", who->key.is_some ? path(&who->key.val) : "none");
        tag(grant, "tags", pairs(who->tags));
    } else if (is("recheck")) {
        // The instance may be another one each time: what is counted stands in a tag.
        uint64_t count = 0;
        for (size_t i = 0; i < who->tags.len; i++) {
            string *name = &who->tags.ptr[i].f0, *value = &who->tags.ptr[i].f1;
            if (name->len == 5 && memcmp(name->ptr, "count", 5) == 0 && value->len == 1 && value->ptr[0] - '0' > (int)count) {
                count = (uint64_t)(value->ptr[0] - '0');
            }
        }
        if (++count == 3) {
            deny(ret, "kicked");
        } else {
            S(grant_t) *grant = allow(ret);
            tag(grant, "count", num(count));
            grant->recheck_ms.is_some = true;
            grant->recheck_ms.val = 500;
        }
    } else {
        answer(ret);
    }
    exports_weir_filter_session_session_ref_free(who);
}

void exports_weir_filter_session_on_close(S(session_ref_t) *who, S(summary_t) *how) {
    used = 0;
    string counter = str("closed"), message = str("closed");
    weir_filter_metrics_add(&counter, 1);
    session_filter_tuple2_string_string_t fields[] = {
        {str("bytes_in"), str(num(how->bytes_in))},
        {str("bytes_out"), str(num(how->bytes_out))},
        {str("duration_ms"), str(num(how->duration_ms))},
    };
    session_filter_list_tuple2_string_string_t list = {fields, 3};
    weir_filter_log_write(WEIR_FILTER_LOG_LEVEL_INFO, &message, &list);
    exports_weir_filter_session_session_ref_free(who);
}
