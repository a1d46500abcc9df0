/* Finds members of a JSON object without a tree. The text must be JSON; what is not gives "not found", never a read past it. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    const char *text;
    size_t length;
};

/* The value of a member of the object itself, not of what is inside of it. */
bool json_member(struct json object, const char *name, struct json *value);

/* The n-th element of an array. */
bool json_element(struct json array, int index, struct json *value);

/* A whole number, or `otherwise`. */
int64_t json_number(struct json value, int64_t otherwise);

#endif
