// SPDX-License-Identifier: Apache-2.0

package view_test

import (
	"strings"
	"testing"

	"taskplatform.dev/kubectl-taskplatform/internal/view"
)

func TestSizesAreShort(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 5 << 20: "5.0 MiB", 3 << 30: "3.0 GiB", 2 << 40: "2.0 TiB", 5 << 50: "5120.0 TiB",
	} {
		if got := view.Bytes(bytes); got != want {
			t.Errorf("%d became %s", bytes, got)
		}
	}
}

func TestTextsOfTheClusterStayOnTheirLine(t *testing.T) {
	if got := view.Clean(" a\nb\tc\x1b[31m\u202e "); got != "a b c?[31m?" {
		t.Errorf("got %q", got)
	}
}

func TestEmptyCellsAreSeen(t *testing.T) {
	var out strings.Builder
	table := view.NewTable(&out, "A", "B", "C")
	table.Row("", "wide cell", "")
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "A  B          C\n-  wide cell  \n" {
		t.Errorf("got %q", got)
	}
}
