// my-filter: who knows the key may publish; everyone may play.

#include <stdlib.h>
#include <string.h>

#include "session_filter.h"

// The secret `key`, read once per instance.
static session_filter_string_t key;

static bool same(const session_filter_string_t *a, const session_filter_string_t *b) {
    return a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
}

void exports_weir_filter_lifecycle_describe(exports_weir_filter_lifecycle_description_t *ret) {
    memset(ret, 0, sizeof *ret);
    session_filter_string_dup(&ret->name, "my-filter");
    session_filter_string_dup(&ret->version, "0.1.0");
    session_filter_string_dup(&ret->summary, "Publishers need ?key=... behind the stream's name.");
}

bool exports_weir_filter_lifecycle_configure(exports_weir_filter_lifecycle_fault_t *err) {
    session_filter_string_t name;
    session_filter_string_set(&name, "key");
    if (weir_filter_config_secret(&name, &key)) {
        return true;
    }
    err->tag = WEIR_FILTER_TYPES_FAULT_INVALID_CONFIG;
    session_filter_string_dup(&err->val.invalid_config, "write secrets = { key = \"...\" } in the filter's table");
    return false;
}

static void allow(exports_weir_filter_session_decision_t *ret) {
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_ALLOW;
}

static void abstain(exports_weir_filter_session_decision_t *ret) {
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_ABSTAIN;
}

// What comes in belongs to the filter: it must be freed.
void exports_weir_filter_session_on_publish(
    exports_weir_filter_session_publish_request_t *req,
    exports_weir_filter_session_decision_t *ret
) {
    session_filter_string_t name;
    session_filter_string_set(&name, "key");
    bool known = false;
    for (size_t i = 0; i < req->key.query.len; i++) {
        known |= same(&req->key.query.ptr[i].f0, &name) && same(&req->key.query.ptr[i].f1, &key);
    }
    exports_weir_filter_session_publish_request_free(req);
    if (known) {
        allow(ret);
        return;
    }
    memset(ret, 0, sizeof *ret);
    ret->tag = EXPORTS_WEIR_FILTER_SESSION_DECISION_DENY;
    session_filter_string_dup(&ret->val.deny.reason, "the key behind the stream's name is wrong or missing");
}

void exports_weir_filter_session_on_play(
    exports_weir_filter_session_play_request_t *req,
    exports_weir_filter_session_decision_t *ret
) {
    exports_weir_filter_session_play_request_free(req);
    allow(ret);
}

void exports_weir_filter_session_on_connect(
    exports_weir_filter_session_connection_info_t *info,
    exports_weir_filter_session_decision_t *ret
) {
    exports_weir_filter_session_connection_info_free(info);
    abstain(ret);
}

void exports_weir_filter_session_on_recheck(
    exports_weir_filter_session_session_ref_t *who,
    exports_weir_filter_session_decision_t *ret
) {
    exports_weir_filter_session_session_ref_free(who);
    abstain(ret);
}

void exports_weir_filter_session_on_close(
    exports_weir_filter_session_session_ref_t *who,
    exports_weir_filter_session_summary_t *how
) {
    (void)how;
    exports_weir_filter_session_session_ref_free(who);
}
