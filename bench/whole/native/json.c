#include "json.h"

#include <string.h>

static size_t blanks(struct json json, size_t at) {
    while (at < json.length && (json.text[at] == ' ' || json.text[at] == '\t' || json.text[at] == '\n' || json.text[at] == '\r'))
        at++;
    return at;
}

/* Behind the string whose opening quote is at `at`. */
static size_t behind_string(struct json json, size_t at) {
    for (at++; at < json.length; at++) {
        if (json.text[at] == '\\') {
            at++;
        } else if (json.text[at] == '"') {
            return at + 1;
        }
    }
    return json.length;
}

static size_t behind_value(struct json json, size_t at) {
    int depth = 0;
    while (at < json.length) {
        char c = json.text[at];
        if (c == '"') {
            at = behind_string(json, at);
            if (depth == 0) return at;
            continue;
        }
        if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            if (--depth == 0) return at + 1;
        } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            return at;
        }
        at++;
    }
    return json.length;
}

bool json_member(struct json object, const char *name, struct json *value) {
    size_t name_length = strlen(name);
    size_t at = blanks(object, 0);
    if (at >= object.length || object.text[at] != '{') return false;
    at = blanks(object, at + 1);
    while (at < object.length && object.text[at] == '"') {
        size_t key = at + 1;
        at = behind_string(object, at);
        bool same = at > key && at - key - 1 == name_length && memcmp(object.text + key, name, name_length) == 0;
        at = blanks(object, at);
        if (at >= object.length || object.text[at] != ':') return false;
        at = blanks(object, at + 1);
        size_t end = behind_value(object, at);
        if (same) {
            *value = (struct json){object.text + at, end - at};
            return end > at;
        }
        at = blanks(object, end);
        if (at >= object.length || object.text[at] != ',') return false;
        at = blanks(object, at + 1);
    }
    return false;
}

bool json_element(struct json array, int index, struct json *value) {
    size_t at = blanks(array, 0);
    if (at >= array.length || array.text[at] != '[') return false;
    at = blanks(array, at + 1);
    for (;;) {
        size_t end = behind_value(array, at);
        if (end == at) return false;
        if (index-- == 0) {
            *value = (struct json){array.text + at, end - at};
            return true;
        }
        at = blanks(array, end);
        if (at >= array.length || array.text[at] != ',') return false;
        at = blanks(array, at + 1);
    }
}

int64_t json_number(struct json value, int64_t otherwise) {
    int64_t number = 0;
    bool negative = value.length > 0 && value.text[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == value.length || value.length - at > 18) return otherwise;
    for (; at < value.length; at++) {
        if (value.text[at] < '0' || value.text[at] > '9') return otherwise;
        number = number * 10 + (value.text[at] - '0');
    }
    return negative ? -number : number;
}
