// Package log is the filter's voice in the router's log; rate-limited.
package log

import (
	"fmt"

	"weir/internal/abi"
)

// Level of a line.
type Level uint32

// Levels, from the least to the most important.
const (
	LevelTrace Level = iota
	LevelDebug
	LevelInfo
	LevelWarn
	LevelError
)

//go:wasmimport weir:filter/log@0.1.0 enabled
func hostEnabled(level uint32) uint32

// Enabled says whether a line of this level would be written: ask before building a costly one.
func Enabled(level Level) bool { return hostEnabled(uint32(level)) != 0 }

// Write writes one line; fields are names and values in turn: "stream", key, "count", 3.
func Write(level Level, message string, fields ...any) {
	var pairs [][2]string
	for i := 0; i+1 < len(fields); i += 2 {
		pairs = append(pairs, [2]string{fmt.Sprint(fields[i]), fmt.Sprint(fields[i+1])})
	}
	abi.Log(uint32(level), message, pairs)
}

// Error is for what broke in the filter.
func Error(message string, fields ...any) { Write(LevelError, message, fields...) }

// Warn is for what is wrong with the stream or the peer.
func Warn(message string, fields ...any) { Write(LevelWarn, message, fields...) }

// Info is for births and ends; never once per frame.
func Info(message string, fields ...any) { Write(LevelInfo, message, fields...) }

// Debug is for the filter's author.
func Debug(message string, fields ...any) { Write(LevelDebug, message, fields...) }
