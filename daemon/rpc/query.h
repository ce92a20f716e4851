/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that are answered from what ffad knows: handlers of request.c. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "request.h"

enum request_outcome query_info(struct worker *worker, const struct ffa_frame *frame,
				const ProtobufCMessage *message);
enum request_outcome query_features(struct worker *worker, const struct ffa_frame *frame,
				    const ProtobufCMessage *message);
enum request_outcome query_partitions(struct worker *worker, const struct ffa_frame *frame,
				      const ProtobufCMessage *message);
enum request_outcome query_watch(struct worker *worker, const struct ffa_frame *frame,
				 const ProtobufCMessage *message);
enum request_outcome query_limits(struct worker *worker, const struct ffa_frame *frame,
				  const ProtobufCMessage *message);
