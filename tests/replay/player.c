/* SPDX-License-Identifier: BSD-3-Clause */
#include "player.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/text.h"
#include "abi/version.h"

#include "compare.h"

#define BOOT_FLAG_HAFNIUM 1u
#define SEQUENCE_PAGES 16   /* P0 … P15 are zero when a sequence starts */
#define INTERRUPTS_MAX 1000 /* answered in a row before a partition counts as lost */
#define BYTES_MAX (FIRMWARE_PAGES * PAGE_BYTES)

static int malformed(struct player *player, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int malformed(struct player *player, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", player->file, player->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; the rest of the sequence is skipped\n");
	player->errors++;
	player->lost = true;
	player->call.open = false;
	return -EINVAL;
}

/* The next field of a line, NULL at its end. */
static char *field(char **rest)
{
	char *text;

	do {
		text = strsep(rest, " ");
	} while (text != NULL && *text == '\0');
	return text;
}

void player_begin(struct player *player, const struct player_options *options, const char *file)
{
	*player = (struct player) { .options = options, .file = file };
}

static bool wanted(const struct player *player, uint32_t fid)
{
	if (player->options->function != 0 && player->options->function != FFA_FID_NUMBER(fid))
		return false;
	return (player->options->groups & 1u << group_of(fid)) != 0;
}

static void show(const struct player *player)
{
	const struct player_call *call = &player->call;
	char text[FFA_TEXT_SIZE];

	ffa_text_call(&call->call, text, sizeof(text));
	printf("%s:%u: boot %s, sequence %s, %s\n  call     %s\n", player->file, call->line, player->boot,
	       player->sequence, player->tag, text);
	ffa_text_reply(call->fid, &call->expected, text, sizeof(text));
	printf("  expected %s\n", text);
	ffa_text_reply(call->fid, &call->got, text, sizeof(text));
	printf("  got      %s%s\n", text, call->rx_differs ? " (RX differs)" : "");
}

/* All lines of the last call were seen: count it. */
static void judge(struct player *player)
{
	struct player_call *call = &player->call;

	if (!call->open)
		return;
	call->open = false;
	if (!call->replied)
		return;
	if (call->verdict == VERDICT_AGREES && call->rx_differs)
		call->verdict = VERDICT_DISAGREES;
	if (wanted(player, call->fid)) {
		tally_count(&player->tally, call->fid, call->verdict);
		if (call->verdict == VERDICT_DISAGREES && player->options->show)
			show(player);
	}
	if (call->verdict == VERDICT_DISAGREES &&
	    !compare_same_outcome(call->fid, &call->expected, &call->got))
		player->lost = true;
}

void player_end(struct player *player)
{
	judge(player);
	board_stop(&player->board);
}

/* The partitions that the recording was made with. */
static const struct firmware *recorded_firmware(const struct player *player, uint64_t flags)
{
	const char *name = strrchr(player->file, '/') != NULL ? strrchr(player->file, '/') + 1 : player->file;

	if (player->options->firmware != NULL)
		return player->options->firmware;
	if ((flags & BOOT_FLAG_HAFNIUM) != 0 || strncmp(name, "hafnium", strlen("hafnium")) == 0)
		return firmware_find("hafnium");
	if (strstr(name, "mended") != NULL || strstr(player->boot, "fixed") != NULL)
		return firmware_find("optee-mended");
	return firmware_find("optee");
}

/* Version that a boot negotiated before its first sequence, when the recording has no lines for that. */
static uint32_t boot_version(const struct player *player)
{
	const char *dash = strrchr(player->boot, '-');
	unsigned long version = dash != NULL ? strtoul(dash + 1, NULL, 16) : 0;

	return version >= FFA_VERSION_1_0 && version <= FFA_VERSION_1_3 ? (uint32_t)version : FFA_VERSION_1_2;
}

static int restart(struct player *player, uint64_t base)
{
	int error;

	board_stop(&player->board);
	error = board_start(&player->board, player->firmware, player->options->profile, base);
	if (error != 0) {
		fprintf(stderr, "%s:%u: cannot set up the simulated firmware: %s\n", player->file,
			player->line, strerror(-error));
		return -ENOMEM;
	}
	player->symbols.base = base;
	player->fresh = true;
	return 0;
}

static int play_boot(struct player *player, char *rest)
{
	char *name = field(&rest), *key, *value;
	uint64_t number, base = 0, flags = 0;

	if (name == NULL)
		return malformed(player, "BOOT needs a name");
	snprintf(player->boot, sizeof(player->boot), "%s", name);
	while ((key = field(&rest)) != NULL) {
		value = field(&rest);
		if (value == NULL || symbols_value(&player->symbols, value, strlen(value), &number) < 0)
			return malformed(player, "BOOT: %s needs a hex number", key);
		if (strcmp(key, "phys") == 0)
			base = number;
		else if (strcmp(key, "flags") == 0)
			flags = number;
	}
	if (base == 0 || base % PAGE_BYTES != 0)
		return malformed(player, "BOOT needs \"phys\" and the address of a page");
	player->firmware = recorded_firmware(player, flags);
	player->version = 0;
	player->in_sequence = false;
	player->lost = false;
	return restart(player, base);
}

/* The calls that stand for the start of a boot. */
static void negotiate(struct player *player)
{
	struct ffa_regs version = { .x = { FFA_VERSION, player->version } };
	struct ffa_regs id = { .x = { FFA_ID_GET } };

	board_call(&player->board, &version);
	board_call(&player->board, &id);
}

static int play_sequence(struct player *player, char *rest)
{
	int error;

	if (player->board.sim == NULL)
		return malformed(player, "SEQ without BOOT");
	if (player->lost) {
		error = restart(player, player->symbols.base);
		if (error != 0)
			return error;
	}
	if (player->version == 0)
		player->version = boot_version(player);
	if (player->fresh)
		negotiate(player);
	player->fresh = false;
	snprintf(player->sequence, sizeof(player->sequence), "%s", rest != NULL ? rest : "");
	memset(player->board.pages, 0, SEQUENCE_PAGES * PAGE_BYTES);
	symbols_reset(&player->symbols);
	player->tx = player->symbols.base;
	player->rx = 0;
	player->in_sequence = true;
	player->lost = false;
	player->raw = false;
	player->rx_unknown = false;
	return 0;
}

/* Decode a hex string into the board's memory at `address`. */
static int write_bytes(struct player *player, uint64_t address, const char *text)
{
	static uint8_t bytes[BYTES_MAX];
	int count = symbols_bytes(&player->symbols, text, bytes, sizeof(bytes));
	uint8_t *memory;

	if (count < 0)
		return malformed(player, "not a string of hex bytes");
	memory = board_memory(&player->board, address, (uint64_t)count);
	if (memory == NULL)
		return malformed(player, "bytes beyond the recorder's pages");
	memcpy(memory, bytes, (size_t)count);
	return 0;
}

static int play_write(struct player *player, char *rest, bool fill)
{
	char *page = fill ? field(&rest) : NULL;
	char *offset = field(&rest), *text = field(&rest);
	uint64_t address = player->tx, number;

	if (text == NULL)
		return malformed(player, "%s needs %s", fill ? "FILL" : "TX",
				 fill ? "page, offset and bytes" : "offset and bytes");
	if (fill && symbols_value(&player->symbols, page, strlen(page), &address) < 0)
		return malformed(player, "%s is no page", page);
	if (symbols_value(&player->symbols, offset, strlen(offset), &number) < 0 || number >= BYTES_MAX)
		return malformed(player, "%s is no offset", offset);
	return write_bytes(player, address + number, text);
}

/* Read registers from the fields of a line. */
static int read_registers(struct player *player, char *rest, struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { 0 };
	unsigned int count = 0;
	char *text;

	while ((text = field(&rest)) != NULL) {
		if (count == FFA_REGS_COUNT)
			return malformed(player, "more than %d registers", FFA_REGS_COUNT);
		if (symbols_value(&player->symbols, text, strlen(text), &regs.x[count]) < 0)
			return malformed(player, "%s is no register value", text);
		count++;
	}
	if (count == 0)
		return malformed(player, "a call and a reply have at least x0");
	*ret_regs = regs;
	return 0;
}

/* What stands in the way of comparing a call, before it is issued. */
static enum verdict expect(const struct player *player, uint32_t fid)
{
	if (player->lost)
		return VERDICT_NOT_COMPARABLE;
	if (!sim_simulates(fid, false))
		return VERDICT_NOT_SIMULATED;
	if (player->rx_unknown && (group_of(fid) == GROUP_RXTX || fid == FFA_PARTITION_INFO_GET))
		return VERDICT_NOT_COMPARABLE;
	return VERDICT_AGREES;
}

static int play_call(struct player *player, char *rest)
{
	struct player_call *call = &player->call;
	struct ffa_regs regs;
	int error = read_registers(player, rest, &regs);

	if (error != 0)
		return error;
	if (player->board.sim == NULL)
		return malformed(player, "CALL without BOOT");
	*call = (struct player_call) {
		.open = true, .line = player->line, .call = regs, .fid = ffa_regs_w(&regs, 0)
	};
	if (!player->in_sequence && call->fid == FFA_VERSION && player->version == 0)
		player->version = ffa_regs_w(&regs, 1);
	if (!player->in_sequence)
		player->fresh = false;
	call->verdict = expect(player, call->fid);
	call->got = regs;
	board_call(&player->board, &call->got);
	call->unsimulated = player->board.unsimulated;
	for (unsigned int i = 0;
	     !player->raw && ffa_regs_w(&call->got, 0) == FFA_INTERRUPT && i < INTERRUPTS_MAX; i++) {
		call->got = (struct ffa_regs) { .x = { FFA_RUN, call->got.x[1] } };
		board_call(&player->board, &call->got);
		if (call->unsimulated == 0)
			call->unsimulated = player->board.unsimulated;
	}
	if (call->unsimulated != 0 && call->verdict == VERDICT_AGREES)
		call->verdict = VERDICT_NOT_SIMULATED;
	player->raw = false;
	return 0;
}

/* Handles that the simulator gave, under the names that the recording has for them. */
static int bind_handles(struct player *player, const char *reply)
{
	const struct ffa_regs *got = &player->call.got;
	unsigned int at = ffa_regs_w(got, 0) == FFA_MEM_FRAG_RX ? 1 : 2;
	char copy[1024], *rest = copy, *text;

	if (player->call.verdict != VERDICT_AGREES || compare_failed(player->call.fid, got))
		return 0;
	snprintf(copy, sizeof(copy), "%s", reply);
	for (unsigned int i = 0; (text = field(&rest)) != NULL && i <= at; i++) {
		/* A number beside a handle is none that was given. */
		int handle = i == at && strchr(text, '+') == NULL ? symbols_handle(text) : -ENOENT;

		if (handle >= 0 &&
		    symbols_bind(&player->symbols, (unsigned int)handle, ffa_regs_w64(got, at)) < 0)
			return malformed(player, "too many handles");
	}
	return 0;
}

/* Follow what the recorded firmware did where the simulator could not. */
static void adopt(struct player *player)
{
	struct player_call *call = &player->call;
	bool failed = compare_failed(call->fid, &call->expected);

	if (call->verdict == VERDICT_NOT_SIMULATED) {
		if (call->unsimulated == FFA_MSG_SEND2)
			player->rx_unknown = true;
		if (!failed && call->fid == FFA_MSG_SEND2)
			player->board.rx_unknown = true;
	}
}

/* Addresses of the buffers that the recorder uses from now on. */
static void follow_buffers(struct player *player)
{
	const struct player_call *call = &player->call;

	if (group_of(call->fid) != GROUP_RXTX || compare_failed(call->fid, &call->expected))
		return;
	if (FFA_FID_NUMBER(call->fid) == FFA_FID_NUMBER(FFA_RXTX_MAP)) {
		player->tx = FFA_FID_IS_64(call->fid) ? call->call.x[1] : ffa_regs_w(&call->call, 1);
		player->rx = FFA_FID_IS_64(call->fid) ? call->call.x[2] : ffa_regs_w(&call->call, 2);
	} else if (call->fid == FFA_RXTX_UNMAP) {
		player->tx = player->symbols.base;
	}
}

static int play_reply(struct player *player, char *rest)
{
	struct player_call *call = &player->call;
	int error;

	if (!call->open)
		return player->lost ? 0 : malformed(player, "RET without CALL");
	error = rest != NULL ? bind_handles(player, rest) : 0;
	if (error == 0)
		error = read_registers(player, rest, &call->expected);
	if (error != 0)
		return error;
	call->replied = true;
	if (call->verdict == VERDICT_AGREES && !compare_replies(call->fid, &call->expected, &call->got))
		call->verdict = VERDICT_DISAGREES;
	adopt(player);
	follow_buffers(player);
	return 0;
}

static int play_handle(struct player *player, char *rest)
{
	char *name = field(&rest), *value = field(&rest);
	int handle = name != NULL ? symbols_handle(name) : -ENOENT;
	uint64_t number;

	if (value == NULL || handle < 0 || symbols_value(&player->symbols, value, strlen(value), &number) < 0)
		return malformed(player, "HVAL needs a handle and its value");
	/* What the simulator does not give, later calls name by the recorded value. */
	if (player->call.verdict != VERDICT_AGREES &&
	    symbols_bind(&player->symbols, (unsigned int)handle, number) < 0)
		return malformed(player, "too many handles");
	return 0;
}

static int play_rx(struct player *player, char *rest)
{
	static uint8_t expected[PAGE_BYTES];
	char *length = field(&rest), *text = field(&rest);
	uint8_t *page = board_memory(&player->board, player->rx, PAGE_BYTES);
	int count;

	if (length == NULL)
		return malformed(player, "RX needs a length");
	if (page == NULL)
		return player->lost ? 0 : malformed(player, "RX, but no buffer of the recorder's is mapped");
	memset(expected, 0, sizeof(expected));
	count = symbols_bytes(&player->symbols, text != NULL ? text : "", expected, sizeof(expected));
	if (count < 0)
		return malformed(player, "RX: not a string of hex bytes");
	if (player->call.verdict == VERDICT_AGREES)
		player->call.rx_differs = memcmp(page, expected, sizeof(expected)) != 0;
	/* Leftovers of this message are part of the next one. */
	memcpy(page, expected, sizeof(expected));
	return 0;
}

static int play_clean(struct player *player, char *rest)
{
	char *result = field(&rest);

	if (result != NULL && strcmp(result, "fail") == 0)
		player->lost = true;
	return 0;
}

static int play_tag(struct player *player, char *rest)
{
	snprintf(player->tag, sizeof(player->tag), "%s", rest != NULL ? rest : "");
	return 0;
}

static int play_raw(struct player *player, char *rest)
{
	player->raw = true;
	return 0;
}

static int play_tx(struct player *player, char *rest)
{
	return play_write(player, rest, false);
}

static int play_fill(struct player *player, char *rest)
{
	return play_write(player, rest, true);
}

static int play_crash(struct player *player, char *rest)
{
	player->lost = true;
	return 0;
}

static int play_nothing(struct player *player, char *rest)
{
	return 0;
}

static const struct {
	const char *word;
	int (*play)(struct player *player, char *rest);
	bool in_reply; /* belongs to the call before it */
} lines[] = {
	{ "BOOT", play_boot, false },    { "SEQ", play_sequence, false },    { "CASE", play_tag, false },
	{ "TX", play_tx, false },        { "FILL", play_fill, false },       { "RAW", play_raw, false },
	{ "CALL", play_call, false },    { "INTR", play_nothing, true },     { "HVAL", play_handle, true },
	{ "ALIAS", play_nothing, true }, { "RET", play_reply, true },        { "RX", play_rx, true },
	{ "PAGE", play_nothing, true },  { "CLEANUP", play_nothing, false }, { "CLEAN", play_clean, false },
	{ "CRASH", play_crash, true },
};

int player_line(struct player *player, char *line)
{
	char *rest = line, *word;

	player->line++;
	word = field(&rest);
	if (word == NULL || *word == '#')
		return 0;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strcmp(lines[i].word, word) != 0)
			continue;
		if (!lines[i].in_reply)
			judge(player);
		return lines[i].play(player, rest);
	}
	judge(player);
	return malformed(player, "\"%s\" is no line of a recording", word);
}
