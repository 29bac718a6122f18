// SHA-256 in pieces, from the system: CommonCrypto on macOS, elsewhere OpenSSL's libcrypto, of which the linker takes the
// few objects that these three functions need (Package.swift names the archive). Init, Update and Final work on a plain
// struct; OpenSSL's one-shot call would go through its providers and take the whole library along.
#pragma once
#include <stddef.h>
#ifdef __APPLE__
#include <CommonCrypto/CommonDigest.h>
typedef CC_SHA256_CTX orch_sha256;

static inline void orch_sha256_init(orch_sha256 *state) { CC_SHA256_Init(state); }

static inline void orch_sha256_update(orch_sha256 *state, const void *bytes, size_t count) {
  const unsigned char *next = bytes;
  // The count is 32 bits wide there.
  while (count > 0) {
    CC_LONG part = count > 0x40000000 ? 0x40000000 : (CC_LONG)count;
    CC_SHA256_Update(state, next, part);
    next += part;
    count -= part;
  }
}

static inline void orch_sha256_final(orch_sha256 *state, unsigned char digest[32]) { CC_SHA256_Final(digest, state); }
#else
// OpenSSL 3 marks these functions as deprecated in favour of its providers.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
typedef SHA256_CTX orch_sha256;

static inline void orch_sha256_init(orch_sha256 *state) { SHA256_Init(state); }

static inline void orch_sha256_update(orch_sha256 *state, const void *bytes, size_t count) {
  SHA256_Update(state, bytes, count);
}

static inline void orch_sha256_final(orch_sha256 *state, unsigned char digest[32]) { SHA256_Final(digest, state); }
#endif
