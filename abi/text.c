/* SPDX-License-Identifier: BSD-3-Clause */
#include "text.h"

#include "bytes.h"
#include "direct.h"
#include "error.h"
#include "features.h"
#include "fid.h"
#include "notification.h"
#include "text_layout.h"
#include "uuid.h"
#include "version.h"

/* Where the text goes: `length` grows on when `size` is used up. */
struct text {
	char *buf;
	size_t size, length;
};

static void put_char(struct text *text, char c)
{
	if (text->length + 1 < text->size)
		text->buf[text->length] = c;
	text->length++;
}

static void put(struct text *text, const char *s)
{
	while (*s)
		put_char(text, *s++);
}

/* At least `digits` digits. */
static void put_number(struct text *text, uint64_t value, unsigned int base, unsigned int digits)
{
	char reversed[20]; /* 2^64 has 20 decimal digits */
	unsigned int count = 0;

	do {
		reversed[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value || count < digits);
	while (count)
		put_char(text, reversed[--count]);
}

static void put_hex(struct text *text, uint64_t value)
{
	put(text, "0x");
	put_number(text, value, 16, 1);
}

static void put_id(struct text *text, uint16_t id)
{
	put(text, "0x");
	put_number(text, id, 16, 4);
}

static void put_dec(struct text *text, uint64_t value)
{
	put_number(text, value, 10, 1);
}

static void put_label(struct text *text, const char *label)
{
	put_char(text, ' ');
	if (label) {
		put(text, label);
		put_char(text, '=');
	}
}

static void put_version(struct text *text, uint32_t version)
{
	put_dec(text, ffa_version_major(version));
	put_char(text, '.');
	put_dec(text, ffa_version_minor(version));
}

static void put_uuid(struct text *text, const struct ffa_uuid *uuid)
{
	char formatted[FFA_UUID_STR_SIZE];

	put_char(text, ' ');
	if (ffa_uuid_is_nil(uuid)) {
		put(text, "nil");
	} else {
		ffa_uuid_format(uuid, formatted);
		put(text, formatted);
	}
}

/* The function's name, with _64 where an SMC32 form exists beside it; an unknown id as a number. */
static void put_fid(struct text *text, uint32_t fid)
{
	const struct ffa_function *function = ffa_function_find(fid);

	if (!function) {
		put(text, "0x");
		put_number(text, fid, 16, 8);
		return;
	}
	put(text, function->name);
	if (FFA_FID_IS_64(fid) && function->has_32)
		put(text, "_64");
}

static uint64_t field_mask(const struct text_field *field)
{
	if (field->width == 0 || field->width == 64)
		return UINT64_MAX;
	return (UINT64_C(1) << field->width) - 1;
}

/* Take a field's bits out of the frame: what is still there at the end is printed as plain registers. */
static uint64_t take(struct ffa_regs *regs, const struct text_field *field)
{
	uint64_t mask = field_mask(field);
	uint64_t value = (regs->x[field->reg] >> field->shift) & mask;

	regs->x[field->reg] &= ~(mask << field->shift);
	return value;
}

static uint32_t take_w(struct ffa_regs *regs, unsigned int n)
{
	uint32_t value = ffa_regs_w(regs, n);

	regs->x[n] &= ~(uint64_t)UINT32_MAX;
	return value;
}

static uint64_t take_x(struct ffa_regs *regs, unsigned int n)
{
	uint64_t value = regs->x[n];

	regs->x[n] = 0;
	return value;
}

static void put_flags(struct text *text, struct ffa_regs *regs, const struct text_field *field)
{
	uint64_t value = take(regs, field), rest = value;
	bool first = true;

	for (const struct text_name *name = field->names; name->name; name++) {
		if (!(value & name->value))
			continue;
		if (first)
			put_label(text, field->label);
		else
			put_char(text, field->label ? ',' : ' ');
		put(text, name->name);
		rest &= ~(uint64_t)name->value;
		first = false;
	}
	regs->x[field->reg] |= rest << field->shift;
}

static void put_enum(struct text *text, struct ffa_regs *regs, const struct text_field *field)
{
	uint64_t value = take(regs, field);

	for (const struct text_name *name = field->names; name->name; name++) {
		if (name->value == value) {
			put_label(text, field->label);
			put(text, name->name);
			return;
		}
	}
	regs->x[field->reg] |= value << field->shift;
}

static void put_error(struct text *text, int32_t error)
{
	const char *name = ffa_error_name(error);

	put_char(text, ' ');
	if (name) {
		put(text, name);
	} else {
		/* Through 64 bits: the smallest number has no positive one in 32. */
		if (error < 0)
			put_char(text, '-');
		put_dec(text, error < 0 ? (uint64_t) - (int64_t)error : (uint64_t)error);
	}
}

static void put_feature(struct text *text, uint32_t query)
{
	const struct ffa_feature_info *feature = ffa_feature_info_find(query);

	put_char(text, ' ');
	if (query & FFA_FEATURES_FUNCTION)
		put_fid(text, query);
	else if (feature)
		put(text, feature->name);
	else
		put_hex(text, query);
}

static void put_framework(struct text *text, struct ffa_regs *regs, const struct text_field *field)
{
	uint32_t flags = ffa_regs_w(regs, field->reg);
	const char *name;

	if (!(flags & FFA_DIRECT_FRAMEWORK))
		return;
	name = text_layout_framework(flags & FFA_DIRECT_FRAMEWORK_TYPE_MASK);
	put(text, " framework");
	if (name) {
		put_char(text, ' ');
		put(text, name);
		flags &= ~FFA_DIRECT_FRAMEWORK_TYPE_MASK;
	}
	regs->x[field->reg] = flags & ~FFA_DIRECT_FRAMEWORK;
}

/* Characters lie in the low or in all bytes of the registers after the count, by the convention. */
static void put_chars(struct text *text, struct ffa_regs *regs, const struct text_field *field, bool is_64)
{
	unsigned int per_reg = is_64 ? 8 : 4;
	unsigned int room = is_64 ? (FFA_REGS_COUNT - field->reg - 1) * per_reg : 6 * per_reg;
	uint64_t count = take(regs, field);

	put(text, " count=");
	put_dec(text, count);
	put(text, " \"");
	for (unsigned int i = 0; i < room && i < count; i++) {
		unsigned int reg = field->reg + 1 + i / per_reg, shift = 8 * (i % per_reg);
		char c = (char)(regs->x[reg] >> shift);

		regs->x[reg] &= ~(UINT64_C(0xff) << shift);
		/* One byte each, nothing that could break a line of a log. */
		put_char(text, c >= ' ' && c <= '~' && c != '"' && c != '\\' ? c : '.');
	}
	put_char(text, '"');
}

static void put_lists(struct text *text, struct ffa_regs *regs, bool is_64)
{
	struct ffa_notification_info info;
	struct ffa_regs known;

	if (ffa_notification_info_decode(regs, &info) < 0)
		return;
	for (unsigned int i = 0; i < info.count; i++) {
		const struct ffa_notification_info_list *list = &info.lists[i];

		put_char(text, ' ');
		put_id(text, list->endpoint);
		for (unsigned int v = 0; v < list->vcpu_count; v++) {
			put(text, v ? "," : " vcpu ");
			put_dec(text, list->vcpus[v]);
		}
	}
	if (info.more)
		put(text, " more");
	/* What was decoded fits the same frame again. */
	if (ffa_notification_info_encode(&info, is_64, &known) == 0)
		for (unsigned int n = 2; n <= 7; n++)
			regs->x[n] &= ~known.x[n];
}

static void put_field(struct text *text, struct ffa_regs *regs, const struct text_field *field, bool is_64)
{
	unsigned int n = field->reg;
	struct ffa_uuid uuid;
	uint64_t value;

	switch (field->kind) {
	case TEXT_HEX:
	case TEXT_DEC:
	case TEXT_ENDPOINT:
		value = take(regs, field);
		if (!value && !field->always)
			break;
		put_label(text, field->label);
		if (field->kind == TEXT_HEX)
			put_hex(text, value);
		else if (field->kind == TEXT_DEC)
			put_dec(text, value);
		else
			put_id(text, (uint16_t)value);
		break;
	case TEXT_MESSAGE:
		value = take_w(regs, n);
		put_char(text, ' ');
		put_id(text, (uint16_t)(value >> 16));
		put(text, " → ");
		put_id(text, (uint16_t)value);
		break;
	case TEXT_TARGET:
		value = take_w(regs, n);
		if (!value && !field->always)
			break;
		put_char(text, ' ');
		put_id(text, (uint16_t)(value >> 16));
		put(text, " vcpu ");
		put_dec(text, (uint16_t)value);
		break;
	case TEXT_PAIR:
		value = take_w(regs, n);
		value |= (uint64_t)take_w(regs, n + 1) << 32;
		if (!value && !field->always)
			break;
		put_label(text, field->label);
		put_hex(text, value);
		break;
	case TEXT_UUID32:
		uuid = ffa_uuid_from_words(take_w(regs, n), take_w(regs, n + 1), take_w(regs, n + 2),
					   take_w(regs, n + 3));
		put_uuid(text, &uuid);
		break;
	case TEXT_UUID64:
		uuid = ffa_uuid_from_u64(take_x(regs, n), take_x(regs, n + 1));
		put_uuid(text, &uuid);
		break;
	case TEXT_FLAGS:
		put_flags(text, regs, field);
		break;
	case TEXT_ENUM:
		put_enum(text, regs, field);
		break;
	case TEXT_ERROR:
		put_error(text, (int32_t)take_w(regs, n));
		break;
	case TEXT_VERSION:
		put_char(text, ' ');
		put_version(text, ffa_regs_w(regs, n));
		regs->x[n] &= ~(uint64_t)UINT32_MAX | FFA_VERSION_MBZ;
		break;
	case TEXT_FEATURE:
		put_feature(text, take_w(regs, n));
		break;
	case TEXT_FRAMEWORK:
		put_framework(text, regs, field);
		break;
	case TEXT_CHARS:
		put_chars(text, regs, field, is_64);
		break;
	case TEXT_LISTS:
		put_lists(text, regs, is_64);
		break;
	}
}

/* The frame's fields, then every other register that is not zero. */
static void put_frame(struct text *text, const struct ffa_regs *frame, const struct text_field *fields)
{
	uint32_t fid = ffa_regs_w(frame, 0);
	bool is_64 = FFA_FID_IS_64(fid);
	unsigned int count = is_64 ? FFA_REGS_COUNT : 8;
	struct ffa_regs regs = { { 0 } };

	/* An SMC32 frame says nothing about upper halves and about x8 and higher. */
	for (unsigned int n = 0; n < count; n++)
		regs.x[n] = is_64 ? frame->x[n] : ffa_regs_w(frame, n);
	put_fid(text, fid);
	for (const struct text_field *field = fields; field && field->reg; field++)
		put_field(text, &regs, field, is_64);
	for (unsigned int n = 1; n < count; n++) {
		if (!regs.x[n])
			continue;
		put(text, is_64 ? " x" : " w");
		put_dec(text, n);
		put_char(text, '=');
		put_hex(text, regs.x[n]);
	}
}

static size_t finish(struct text *text)
{
	if (text->size)
		text->buf[text->length < text->size ? text->length : text->size - 1] = '\0';
	return text->length;
}

/* The layout of the frame's own function, when its id exists. */
static const struct text_field *own_fields(const struct ffa_regs *regs)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	return ffa_function_find(fid) ? text_layout_call(FFA_FID_NUMBER(fid)) : NULL;
}

size_t ffa_text_call(const struct ffa_regs *regs, char *buf, size_t size)
{
	struct text text = { buf, size, 0 };

	put_frame(&text, regs, own_fields(regs));
	return finish(&text);
}

size_t ffa_text_reply(uint32_t call_fid, const struct ffa_regs *regs, char *buf, size_t size)
{
	struct text text = { buf, size, 0 };
	uint32_t w0 = ffa_regs_w(regs, 0);

	if (w0 == (uint32_t)FFA_NOT_SUPPORTED) {
		/* FFA_VERSION has no FFA_ERROR; for other functions it is SMCCC's word that nobody is there.
		 */
		put(&text, call_fid == FFA_VERSION ? "NOT_SUPPORTED" : "SMCCC NOT_SUPPORTED");
	} else if (call_fid == FFA_VERSION && !(w0 & FFA_VERSION_MBZ)) {
		put(&text, "version ");
		put_version(&text, w0);
	} else if ((w0 == FFA_SUCCESS || w0 == FFA_SUCCESS_64) && ffa_function_find(call_fid)) {
		put_frame(&text, regs, text_layout_success(FFA_FID_NUMBER(call_fid)));
	} else {
		put_frame(&text, regs, own_fields(regs));
	}
	return finish(&text);
}
