// Package kv keeps small values in the router, shared by the filter's instances and generations. By grant: kv:BUCKET.
package kv

import (
	"errors"
	"runtime"
	"time"
	"unsafe"

	"weir/internal/abi"
)

//go:wasmimport weir:filter/kv@0.1.0 get
func hostGet(bucket unsafe.Pointer, bucketLength uint32, key unsafe.Pointer, keyLength uint32, answer unsafe.Pointer)

//go:wasmimport weir:filter/kv@0.1.0 set
func hostSet(bucket unsafe.Pointer, bucketLength uint32, key unsafe.Pointer, keyLength uint32, value unsafe.Pointer, length uint32, ends uint32, ttlMs uint64, answer unsafe.Pointer)

//go:wasmimport weir:filter/kv@0.1.0 compare-and-set
func hostCompareAndSet(bucket unsafe.Pointer, bucketLength uint32, key unsafe.Pointer, keyLength uint32, there uint32, version uint64, value unsafe.Pointer, length uint32, ends uint32, ttlMs uint64, answer unsafe.Pointer)

//go:wasmimport weir:filter/kv@0.1.0 add
func hostAdd(bucket unsafe.Pointer, bucketLength uint32, key unsafe.Pointer, keyLength uint32, delta int64, ends uint32, ttlMs uint64, answer unsafe.Pointer)

//go:wasmimport weir:filter/kv@0.1.0 delete
func hostDelete(bucket unsafe.Pointer, bucketLength uint32, key unsafe.Pointer, keyLength uint32, answer unsafe.Pointer)

// Why a call came to nothing.
var (
	ErrNoSuchBucket = errors.New("no such bucket")
	ErrDenied       = errors.New("the bucket is not granted to this filter")
	ErrTooLarge     = errors.New("key or value over the bucket's bounds")
	// CompareAndSet found another version.
	ErrConflict = errors.New("another version is there")
)

// Unavailable is what else can be wrong with a bucket.
type Unavailable string

func (e Unavailable) Error() string { return string(e) }

// Item is a value. Its version changes with every write.
type Item struct {
	Value   []byte
	Version uint64
}

// kvError reads a kv-error.
func kvError(r *abi.Reader) error {
	errs := [...]error{ErrNoSuchBucket, ErrDenied, ErrTooLarge, ErrConflict}
	r.Align(4)
	if n := int(r.Byte()); n < len(errs) {
		return errs[n]
	}
	return Unavailable(r.Text())
}

// number reads a result<u64, kv-error> or result<s64, kv-error>.
func number(answer unsafe.Pointer) (uint64, error) {
	r := abi.Read(answer)
	failed := r.Bool()
	r.Align(8)
	if failed {
		return 0, kvError(r)
	}
	return r.U64(), nil
}

// ttl is an option<u64>.
func ttl(d time.Duration) (uint32, uint64) {
	if d <= 0 {
		return 0, 0
	}
	return 1, uint64(max(1, d.Milliseconds()))
}

// Get gives the value of a key; nil if there is none.
func Get(bucket, key string) (*Item, error) {
	b, bl := abi.TextOf(bucket)
	k, kl := abi.TextOf(key)
	answer := abi.Allocate(32)
	hostGet(b, bl, k, kl, answer)
	runtime.KeepAlive(bucket)
	runtime.KeepAlive(key)
	r := abi.Read(answer)
	failed := r.Bool()
	r.Align(8)
	if failed {
		return nil, kvError(r)
	}
	there := r.Bool()
	r.Align(8)
	if !there {
		return nil, nil
	}
	return &Item{r.Bytes(), r.U64()}, nil
}

// Set writes a value and returns its version. After the time to live it is gone; 0: it stays.
func Set(bucket, key string, value []byte, live time.Duration) (version uint64, err error) {
	b, bl := abi.TextOf(bucket)
	k, kl := abi.TextOf(key)
	v, vl := abi.BytesOf(value)
	ends, ms := ttl(live)
	answer := abi.Allocate(24)
	hostSet(b, bl, k, kl, v, vl, ends, ms, answer)
	runtime.KeepAlive(bucket)
	runtime.KeepAlive(key)
	runtime.KeepAlive(value)
	return number(answer)
}

// CompareAndSet does as Set if the version is still that of expect, nil: if there is no such key. Otherwise it returns ErrConflict.
func CompareAndSet(bucket, key string, expect *Item, value []byte, live time.Duration) (version uint64, err error) {
	b, bl := abi.TextOf(bucket)
	k, kl := abi.TextOf(key)
	v, vl := abi.BytesOf(value)
	ends, ms := ttl(live)
	var there uint32
	var old uint64
	if expect != nil {
		there, old = 1, expect.Version
	}
	answer := abi.Allocate(24)
	hostCompareAndSet(b, bl, k, kl, there, old, v, vl, ends, ms, answer)
	runtime.KeepAlive(bucket)
	runtime.KeepAlive(key)
	runtime.KeepAlive(value)
	return number(answer)
}

// Add adds to a value that is a decimal number, from 0 if there is none, and returns the sum.
func Add(bucket, key string, delta int64, live time.Duration) (sum int64, err error) {
	b, bl := abi.TextOf(bucket)
	k, kl := abi.TextOf(key)
	ends, ms := ttl(live)
	answer := abi.Allocate(24)
	hostAdd(b, bl, k, kl, delta, ends, ms, answer)
	runtime.KeepAlive(bucket)
	runtime.KeepAlive(key)
	n, err := number(answer)
	return int64(n), err
}

// Delete forgets a key.
func Delete(bucket, key string) error {
	b, bl := abi.TextOf(bucket)
	k, kl := abi.TextOf(key)
	answer := abi.Allocate(16)
	hostDelete(b, bl, k, kl, answer)
	runtime.KeepAlive(bucket)
	runtime.KeepAlive(key)
	r := abi.Read(answer)
	if !r.Bool() {
		return nil
	}
	return kvError(r)
}
