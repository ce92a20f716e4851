/* SPDX-License-Identifier: BSD-3-Clause */
#include "uart.h"

#include "layout.h"

/* PL011 */
#define UART_DATA (*(volatile uint32_t *)HYP_UART_BASE)
#define UART_FLAGS (*(volatile uint32_t *)(HYP_UART_BASE + 0x18))
#define UART_FLAGS_FULL (1u << 5)

static void put(char c)
{
	while (UART_FLAGS & UART_FLAGS_FULL)
		;
	UART_DATA = (uint8_t)c;
}

void uart_puts(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
}

void uart_put_hex(uint64_t value)
{
	uart_puts("0x");
	for (int shift = 60; shift >= 0; shift -= 4)
		put("0123456789abcdef"[value >> shift & 0xf]);
}
