// my-filter: a media filter in C. It drops SEI messages from H.264 and H.265 and says at the end how many there were.

#include <stdlib.h>
#include <string.h>

#include "media_filter.h"

enum {
    AVC1 = 0x61766331,
    HVC1 = 0x68766331,
};

// nal_unit_type of SEI messages, as bits: H.264 type 6, H.265 types 39 (prefix) and 40 (suffix).
#define H264_SEI ((uint64_t)1 << 6)
#define HEVC_SEI ((uint64_t)1 << 39 | (uint64_t)1 << 40)

// What is remembered of one stream.
struct exports_weir_filter_media_stream_filter_t {
    uint32_t dropped;
};

typedef exports_weir_filter_media_borrow_stream_filter_t stream;

void exports_weir_filter_lifecycle_describe(exports_weir_filter_lifecycle_description_t *ret) {
    memset(ret, 0, sizeof *ret);
    media_filter_string_dup(&ret->name, "my-filter");
    media_filter_string_dup(&ret->version, "1.0.0");
    media_filter_string_dup(&ret->summary, "Drops SEI messages from H.264 and H.265.");
}

// It has no settings.
bool exports_weir_filter_lifecycle_configure(exports_weir_filter_lifecycle_fault_t *err) {
    (void)err;
    return true;
}

// What comes in belongs to the filter: it must be freed.
bool exports_weir_filter_media_static_stream_filter_open(
    exports_weir_filter_media_stream_info_t *info,
    exports_weir_filter_media_saved_state_t *resume,
    exports_weir_filter_media_own_stream_filter_t *ret,
    exports_weir_filter_media_fault_t *err
) {
    (void)err;
    exports_weir_filter_media_stream_info_free(info);
    if (resume) {
        exports_weir_filter_media_saved_state_free(resume);
    }
    exports_weir_filter_media_stream_filter_t *rep = calloc(1, sizeof *rep);
    *ret = exports_weir_filter_media_stream_filter_new(rep);
    return true;
}

// The host calls for frames that hold an SEI message and for nothing else. What is returned must come from malloc: it is freed afterwards.
void exports_weir_filter_media_method_stream_filter_subscribe(stream self, exports_weir_filter_media_subscription_t *ret) {
    (void)self;
    memset(ret, 0, sizeof *ret);
    ret->swap_at = EXPORTS_WEIR_FILTER_MEDIA_BOUNDARY_ANY_FRAME;
    ret->frames.len = 2;
    ret->frames.ptr = calloc(2, sizeof *ret->frames.ptr);
    const uint32_t codecs[] = {AVC1, HVC1};
    const uint64_t types[] = {H264_SEI, HEVC_SEI};
    for (int i = 0; i < 2; i++) {
        exports_weir_filter_media_interest_t *interest = &ret->frames.ptr[i];
        interest->codecs.len = 1;
        interest->codecs.ptr = malloc(sizeof *interest->codecs.ptr);
        interest->codecs.ptr[0] = codecs[i];
        interest->unit_types = types[i];
    }
}

exports_weir_filter_media_verdict_t exports_weir_filter_media_method_stream_filter_on_frame(
    stream self,
    exports_weir_filter_media_frame_meta_t *meta
) {
    uint64_t sei = meta->codec == HVC1 ? HEVC_SEI : H264_SEI;
    self->dropped += weir_filter_frame_remove_units(sei);
    return EXPORTS_WEIR_FILTER_MEDIA_VERDICT_EDITED;
}

// Never called: the subscription asks for neither headers nor metadata nor ticks.
bool exports_weir_filter_media_method_stream_filter_on_header(
    stream self,
    exports_weir_filter_media_track_info_t *track,
    media_filter_list_u8_t *header,
    exports_weir_filter_media_verdict_t *ret,
    exports_weir_filter_media_fault_t *err
) {
    (void)self, (void)err;
    exports_weir_filter_media_track_info_free(track);
    media_filter_list_u8_free(header);
    *ret = EXPORTS_WEIR_FILTER_MEDIA_VERDICT_PASS;
    return true;
}

bool exports_weir_filter_media_method_stream_filter_on_metadata(
    stream self,
    exports_weir_filter_media_metadata_t *meta,
    exports_weir_filter_media_verdict_t *ret,
    exports_weir_filter_media_fault_t *err
) {
    (void)self, (void)err;
    exports_weir_filter_media_metadata_free(meta);
    *ret = EXPORTS_WEIR_FILTER_MEDIA_VERDICT_PASS;
    return true;
}

void exports_weir_filter_media_method_stream_filter_on_tick(stream self, int64_t now) {
    (void)self, (void)now;
}

void exports_weir_filter_media_method_stream_filter_flush(stream self) {
    (void)self;
}

bool exports_weir_filter_media_method_stream_filter_snapshot(stream self, exports_weir_filter_media_saved_state_t *ret) {
    (void)self, (void)ret;
    return false;
}

void exports_weir_filter_media_method_stream_filter_end(stream self, exports_weir_filter_media_end_reason_t reason) {
    (void)reason;
    char digits[11];
    char *at = digits + sizeof digits;
    uint32_t n = self->dropped;
    *--at = 0;
    do {
        *--at = (char)('0' + n % 10);
        n /= 10;
    } while (n);

    media_filter_string_t message;
    media_filter_tuple2_string_string_t field;
    media_filter_string_set(&message, "SEI messages dropped");
    media_filter_string_set(&field.f0, "count");
    media_filter_string_set(&field.f1, at);
    media_filter_list_tuple2_string_string_t fields = {&field, 1};
    weir_filter_log_write(WEIR_FILTER_LOG_LEVEL_INFO, &message, &fields);
}

void exports_weir_filter_media_stream_filter_destructor(exports_weir_filter_media_stream_filter_t *rep) {
    free(rep);
}
