# SPDX-License-Identifier: GPL-2.0-only

top_srcdir = ../../../../..

@PROGRAMS@
TEST_PROGS := hooks.sh
TEST_FILES := settings tap.sh

CFLAGS += -O2 -g -Wall -Wextra -Wno-unused-parameter
CFLAGS += -Wno-missing-field-initializers -Wno-sign-compare
CFLAGS += -D_GNU_SOURCE= -DFAIL_ENDS -Ilib -iquote bed -I../..
CFLAGS += -idirafter $(top_srcdir)/net/finject $(KHDR_INCLUDES)
# Static: they also run in an initramfs without libraries.
LDFLAGS += -static

EXTRA_CLEAN := $(OUTPUT)/lib $(OUTPUT)/bed $(OUTPUT)/libbed.a

include ../../lib.mk

HEADERS := $(wildcard lib/*.h bed/*.h) $(top_srcdir)/net/finject/vocabulary.h
LIB_OBJS := $(patsubst %.c,$(OUTPUT)/%.o,$(wildcard lib/*.c bed/*.c))

$(LIB_OBJS): $(OUTPUT)/%.o: %.c $(HEADERS)
	mkdir -p $(@D)
	$(CC) $(CFLAGS) -c $< -o $@

$(OUTPUT)/libbed.a: $(LIB_OBJS)
	$(RM) $@
	$(AR) rcs $@ $^

$(TEST_GEN_PROGS): $(OUTPUT)/libbed.a
