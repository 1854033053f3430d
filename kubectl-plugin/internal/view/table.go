// SPDX-License-Identifier: Apache-2.0

// Package view prints what people read.
package view

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
)

const none = "-"

// Table aligns rows of cells in columns.
type Table struct {
	writer *tabwriter.Writer
}

// NewTable starts a table with its header. Flush ends it.
func NewTable(out io.Writer, header ...string) *Table {
	table := &Table{tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)}
	table.Row(header...)
	return table
}

// Row adds a row; empty cells get a dash, but for the last.
func (t *Table) Row(cells ...string) {
	clean := make([]string, len(cells))
	for i, cell := range cells {
		if clean[i] = Clean(cell); clean[i] == "" && i < len(cells)-1 {
			clean[i] = none
		}
	}
	fmt.Fprintln(t.writer, strings.Join(clean, "\t"))
}

// Flush writes what was held back to align it.
func (t *Table) Flush() error { return t.writer.Flush() }

// Clean makes one line of a text from the cluster, without what would steer a terminal.
func Clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || !unicode.IsPrint(r):
			return '?'
		default:
			return r
		}
	}, text))
}

// Age is how long ago something was, as kubectl says it.
func Age(at metav1.Time, now time.Time) string {
	if at.IsZero() {
		return none
	}
	return duration.HumanDuration(now.Sub(at.Time))
}

// Bytes is a size in the unit that keeps it short.
func Bytes(bytes int64) string {
	const unit = 1024
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	size, suffix := float64(bytes)/unit, "KiB"
	for _, next := range []string{"MiB", "GiB", "TiB"} {
		if size < unit {
			break
		}
		size, suffix = size/unit, next
	}
	return fmt.Sprintf("%.1f %s", size, suffix)
}
