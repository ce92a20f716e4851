/* SPDX-License-Identifier: BSD-3-Clause */
#include "account.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/cleanup.h"

#define ACCOUNT_BUCKETS 64

static pthread_mutex_t accounts_lock = PTHREAD_MUTEX_INITIALIZER;
static struct account *accounts[ACCOUNT_BUCKETS];

struct account *account_get(uid_t uid)
{
	struct account **bucket = &accounts[uid % ACCOUNT_BUCKETS];
	struct account *account;

	MUTEX_GUARD(&accounts_lock);
	for (account = *bucket; account; account = account->next)
		if (account->uid == uid)
			break;
	if (!account) {
		account = calloc(1, sizeof(*account));
		if (!account)
			return NULL;
		account->uid = uid;
		account->next = *bucket;
		*bucket = account;
	}
	account->refs++;
	return account;
}

struct account *account_put(struct account *account)
{
	struct account **link;

	if (!account)
		return NULL;
	MUTEX_GUARD(&accounts_lock);
	if (--account->refs == 0) {
		for (link = &accounts[account->uid % ACCOUNT_BUCKETS]; *link != account;
		     link = &(*link)->next)
			;
		*link = account->next;
		free(account);
	}
	return NULL;
}
