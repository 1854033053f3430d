// SPDX-License-Identifier: Apache-2.0

package report

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// archive is a tar.gz of files in one folder, whose sum is bounded.
type archive struct {
	folder   string
	time     time.Time
	redactor *Redactor
	room     int64 // bytes that may still come
	gzip     *gzip.Writer
	tar      *tar.Writer
	errors   []string
	left     int // files that had no room
}

func newArchive(out io.Writer, folder string, at time.Time, most int64) *archive {
	compressed := gzip.NewWriter(out)
	return &archive{folder: folder, time: at, room: most, gzip: compressed, tar: tar.NewWriter(compressed), redactor: NewRedactor(nil)}
}

// text adds a file, redacted. One that has no room is left out and counted; the last file always has.
func (a *archive) text(name, content string, always bool) error {
	content = a.redactor.Text(content)
	if int64(len(content)) > a.room && !always {
		a.left++
		return nil
	}
	a.room -= int64(len(content))
	header := &tar.Header{
		Name: path.Join(a.folder, name), Mode: 0o600, Size: int64(len(content)), ModTime: a.time, Format: tar.FormatPAX,
	}
	if err := a.tar.WriteHeader(header); err != nil {
		return err
	}
	_, err := io.WriteString(a.tar, content)
	return err
}

// object adds a file with an object as YAML, redacted.
func (a *archive) object(name string, object any) error {
	text, err := yaml.Marshal(a.redactor.Object(object))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return a.text(name, string(text), false)
}

// failed notes what could not be read.
func (a *archive) failed(what string, err error) {
	a.errors = append(a.errors, what+" - "+strings.ReplaceAll(err.Error(), "\n", " "))
}

// close adds errors.txt and ends the archive.
func (a *archive) close() error {
	if a.left > 0 {
		a.errors = append(a.errors, fmt.Sprintf("%d files were left out, since the report would be larger than asked for (--max-size)", a.left))
	}
	if len(a.errors) > 0 {
		if err := a.text("errors.txt", strings.Join(a.errors, "\n")+"\n", true); err != nil {
			return err
		}
	}
	if err := a.tar.Close(); err != nil {
		return err
	}
	return a.gzip.Close()
}
