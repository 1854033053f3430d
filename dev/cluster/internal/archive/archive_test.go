// SPDX-License-Identifier: Apache-2.0

package archive

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var image = Image{Reference: "example/app:1", User: "65532", Env: []string{"A=b"}, Entrypoint: []string{"/app", "serve"}}

func tree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "usr", "bin"), 0o755),
		os.WriteFile(filepath.Join(root, "usr", "bin", "app"), []byte("program"), 0o755),
		os.WriteFile(filepath.Join(root, "a"), []byte("first"), 0o640),
		os.Symlink("usr/bin", filepath.Join(root, "bin")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func write(t *testing.T, root string) []byte {
	t.Helper()
	output := filepath.Join(t.TempDir(), "image.tar")
	if err := Write(output, root, image); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

type entry struct {
	header  *tar.Header
	content []byte
}

func entries(t *testing.T, archive []byte) map[string]entry {
	t.Helper()
	all := map[string]entry{}
	for reader := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		all[header.Name] = entry{header, content}
	}
}

func TestTheArchiveIsWhatItsManifestSays(t *testing.T) {
	outer := entries(t, write(t, tree(t)))
	var manifest []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	if err := json.Unmarshal(outer["manifest.json"].content, &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest) != 1 || len(manifest[0].Layers) != 1 || manifest[0].RepoTags[0] != "example/app:1" {
		t.Fatalf("manifest is %+v", manifest)
	}
	var config struct {
		Config struct {
			User       string
			Env        []string
			Entrypoint []string
		} `json:"config"`
		RootFS struct {
			DiffIDs []string `json:"diff_ids"`
		} `json:"rootfs"`
	}
	if err := json.Unmarshal(outer[manifest[0].Config].content, &config); err != nil {
		t.Fatal(err)
	}
	if config.Config.User != "65532" || config.Config.Env[0] != "A=b" || len(config.Config.Entrypoint) != 2 {
		t.Errorf("configuration is %+v", config)
	}
	digest := sha256.Sum256(outer[manifest[0].Layers[0]].content)
	if want := "sha256:" + hex.EncodeToString(digest[:]); len(config.RootFS.DiffIDs) != 1 || config.RootFS.DiffIDs[0] != want {
		t.Errorf("layers are %v, not %s", config.RootFS.DiffIDs, want)
	}

	layer := entries(t, outer[manifest[0].Layers[0]].content)
	if len(layer) != 5 {
		t.Errorf("the layer holds %d entries", len(layer))
	}
	if app := layer["usr/bin/app"]; string(app.content) != "program" || app.header.Mode != 0o755 {
		t.Errorf("usr/bin/app is %q with mode %o", app.content, app.header.Mode)
	}
	if layer["usr/bin/"].header.Typeflag != tar.TypeDir {
		t.Error("usr/bin/ is no directory")
	}
	if link := layer["bin"].header; link.Typeflag != tar.TypeSymlink || link.Linkname != "usr/bin" {
		t.Errorf("bin is %+v", link)
	}
	for name, entry := range layer {
		if entry.header.Uid != 0 || entry.header.Gid != 0 || !entry.header.ModTime.Equal(time.Unix(0, 0)) {
			t.Errorf("%s belongs to %d:%d and is of %s", name, entry.header.Uid, entry.header.Gid, entry.header.ModTime)
		}
	}
}

func TestEqualDirectoriesGiveEqualArchives(t *testing.T) {
	first := write(t, tree(t))
	root := tree(t)
	for _, name := range []string{"a", "usr/bin/app", "usr"} {
		if err := os.Chtimes(filepath.Join(root, name), time.Unix(1, 0), time.Unix(1, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first, write(t, root)) {
		t.Error("the archives differ")
	}
}

func TestAFileThatCanNotBePackedLeavesTheOldArchive(t *testing.T) {
	root := tree(t)
	directory := t.TempDir()
	output := filepath.Join(directory, "image.tar")
	if err := os.WriteFile(output, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(root, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}

	err := Write(output, root, image)

	if err == nil || !strings.Contains(err.Error(), "pipe") {
		t.Errorf("got error %v, want one that names the file", err)
	}
	if content, err := os.ReadFile(output); err != nil || string(content) != "old" {
		t.Errorf("the archive is now %q, %v", content, err)
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}
