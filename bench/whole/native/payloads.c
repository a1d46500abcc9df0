#include "payloads.h"

#include <inttypes.h>

#include "corpus.h"

#define USER                                                                                                                \
    "{\"id\":\"" APPLICATION_ID "\",\"username\":\"blast\",\"discriminator\":\"0000\",\"global_name\":null,\"avatar\":null," \
    "\"banner\":null,\"accent_color\":null,\"bot\":true,\"verified\":true,\"mfa_enabled\":false,\"email\":null,\"flags\":0," \
    "\"public_flags\":0,\"locale\":\"en-US\"}"
#define EMPTY_PERMISSIONS "\"permissions\":\"1071698660929\""

static void start(struct buffer *out) {
    out->start = out->end = 0;
}

void payload_hello(struct buffer *out) {
    start(out);
    buffer_print(out, "{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":%d,\"_trace\":[]}}", HEARTBEAT_MILLIS);
}

void payload_invalid_session(struct buffer *out) {
    start(out);
    buffer_print(out, "{\"t\":null,\"s\":null,\"op\":9,\"d\":false}");
}

void payload_resumed(struct buffer *out, int64_t sequence) {
    start(out);
    buffer_print(out, "{\"t\":\"RESUMED\",\"s\":%" PRId64 ",\"op\":0,\"d\":{\"_trace\":[]}}", sequence);
}

void payload_ready(struct buffer *out, int64_t sequence, const char *session_id, const char *gateway_url, int shard, int shards,
                   int guilds) {
    start(out);
    buffer_print(out,
                 "{\"t\":\"READY\",\"s\":%" PRId64 ",\"op\":0,\"d\":{\"v\":10,\"user_settings\":{},\"user\":" USER
                 ",\"session_type\":\"normal\",\"session_id\":\"%s\",\"resume_gateway_url\":\"%s\",\"shard\":[%d,%d],"
                 "\"relationships\":[],\"private_channels\":[],\"presences\":[],\"guild_join_requests\":[],"
                 "\"geo_ordered_rtc_regions\":[],\"application\":{\"id\":\"" APPLICATION_ID "\",\"flags\":565248},\"_trace\":[],"
                 "\"guilds\":[",
                 sequence, session_id, gateway_url, shard, shards);
    for (int i = 0; i < guilds; i++) {
        buffer_print(out, "%s{\"unavailable\":true,\"id\":\"%" PRIu64 "\"}", i > 0 ? "," : "", guild_id(shard, shards, i));
    }
    buffer_print(out, "]}}");
}

/* A guild with one role, one channel and one member, the bot. */
void payload_guild(struct buffer *out, int64_t sequence, uint64_t id) {
    start(out);
    buffer_print(out,
                 "{\"t\":\"GUILD_CREATE\",\"s\":%" PRId64 ",\"op\":0,\"d\":{\"id\":\"%" PRIu64
                 "\",\"name\":\"guild\",\"icon\":null,\"splash\":null,\"discovery_splash\":null,\"banner\":null,"
                 "\"description\":null,\"owner_id\":\"" APPLICATION_ID
                 "\",\"region\":\"deprecated\",\"afk_channel_id\":null,\"afk_timeout\":300,\"widget_enabled\":false,"
                 "\"widget_channel_id\":null,\"verification_level\":0,\"default_message_notifications\":0,"
                 "\"explicit_content_filter\":0,\"mfa_level\":0,\"application_id\":null,\"system_channel_id\":null,"
                 "\"system_channel_flags\":0,\"rules_channel_id\":null,\"public_updates_channel_id\":null,"
                 "\"safety_alerts_channel_id\":null,\"max_presences\":null,\"max_members\":500000,"
                 "\"max_video_channel_users\":25,\"max_stage_video_channel_users\":50,\"vanity_url_code\":null,"
                 "\"premium_tier\":0,\"premium_subscription_count\":0,\"premium_progress_bar_enabled\":false,"
                 "\"preferred_locale\":\"en-US\",\"nsfw\":false,\"nsfw_level\":0,\"features\":[],",
                 sequence, id);
    buffer_print(out,
                 "\"joined_at\":\"2024-01-01T00:00:00.000000+00:00\",\"large\":false,\"unavailable\":false,\"lazy\":true,"
                 "\"member_count\":1,\"emojis\":[],\"stickers\":[],\"voice_states\":[],\"threads\":[],\"presences\":[],"
                 "\"stage_instances\":[],\"guild_scheduled_events\":[],\"soundboard_sounds\":[],\"embedded_activities\":[],"
                 "\"application_command_counts\":{},\"roles\":[{\"id\":\"%" PRIu64
                 "\",\"name\":\"@everyone\",\"color\":0,\"colors\":{\"primary_color\":0,\"secondary_color\":null,"
                 "\"tertiary_color\":null},\"hoist\":false,\"icon\":null,\"unicode_emoji\":null,\"position\":0," EMPTY_PERMISSIONS
                 ",\"managed\":false,\"mentionable\":false,\"flags\":0,\"tags\":{}}],",
                 id);
    buffer_print(out,
                 "\"channels\":[{\"id\":\"%" PRIu64
                 "\",\"type\":0,\"name\":\"general\",\"topic\":null,\"position\":0,\"permission_overwrites\":[],"
                 "\"parent_id\":null,\"nsfw\":false,\"rate_limit_per_user\":0,\"last_message_id\":null,\"flags\":0}],"
                 "\"members\":[{\"user\":" USER
                 ",\"nick\":null,\"avatar\":null,\"banner\":null,\"roles\":[],\"joined_at\":\"2024-01-01T00:00:00.000000+00:00\","
                 "\"premium_since\":null,\"deaf\":false,\"mute\":false,\"flags\":0,\"pending\":false,"
                 "\"communication_disabled_until\":null}]}}",
                 id + 1);
}

void payload_user(struct buffer *out) {
    start(out);
    buffer_print(out, USER);
}

void payload_application(struct buffer *out) {
    start(out);
    buffer_print(out, "{\"id\":\"" APPLICATION_ID
                      "\",\"name\":\"blast\",\"icon\":null,\"description\":\"\",\"bot_public\":true,"
                      "\"bot_require_code_grant\":false,\"owner\":" USER
                      ",\"team\":null,\"verify_key\":\"00\",\"flags\":565248,\"tags\":[],\"bot\":" USER "}");
}
