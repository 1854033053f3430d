// SPDX-License-Identifier: Apache-2.0

// Package archive packs a directory as a container image of one layer, in the format of `docker save`: what containerd
// imports and Jib takes as a `tar://` base. Equal directories give equal archives, byte for byte.
package archive

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Image says what the archive's image is, beside its files.
type Image struct {
	Reference  string   // name and tag, such as localhost:5000/pause:local
	User       string   // numeric, so that Kubernetes can check runAsNonRoot; empty is root
	Env        []string // NAME=value
	Entrypoint []string
}

// epoch is the time of every file, so that an archive does not depend on when it was made.
var epoch = time.Unix(0, 0).UTC()

// Write packs the files under root and writes the archive to the file output. Everything belongs to root:root; directories,
// regular files and symbolic links are supported, anything else is an error.
func Write(output, root string, image Image) (err error) {
	layer, err := os.CreateTemp(filepath.Dir(output), ".layer-*")
	if err != nil {
		return err
	}
	defer func() {
		layer.Close()
		os.Remove(layer.Name())
	}()
	digest := sha256.New()
	if err := writeLayer(io.MultiWriter(layer, digest), root); err != nil {
		return err
	}
	layerDigest := hex.EncodeToString(digest.Sum(nil))

	config, err := configuration(image, layerDigest)
	if err != nil {
		return err
	}
	configDigest := sha256.Sum256(config)
	configName := hex.EncodeToString(configDigest[:]) + ".json"
	layerName := layerDigest + "/layer.tar"
	manifest, err := json.Marshal([]map[string]any{{
		"Config": configName, "RepoTags": []string{image.Reference}, "Layers": []string{layerName},
	}})
	if err != nil {
		return err
	}

	// A half-written archive must not be taken for a whole one.
	partial, err := os.CreateTemp(filepath.Dir(output), ".archive-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(partial.Name())
		}
	}()
	defer partial.Close()
	archive := tar.NewWriter(partial)
	for _, entry := range []struct {
		name    string
		content []byte
	}{{"manifest.json", manifest}, {configName, config}} {
		if err := archive.WriteHeader(fileHeader(entry.name, int64(len(entry.content)))); err != nil {
			return err
		}
		if _, err := archive.Write(entry.content); err != nil {
			return err
		}
	}
	size, err := layer.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := layer.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := archive.WriteHeader(fileHeader(layerName, size)); err != nil {
		return err
	}
	if _, err := io.Copy(archive, layer); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := partial.Chmod(0o644); err != nil {
		return err
	}
	if err := partial.Close(); err != nil {
		return err
	}
	return os.Rename(partial.Name(), output)
}

func configuration(image Image, layerDigest string) ([]byte, error) {
	return json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"created":      epoch.Format(time.RFC3339),
		"config":       map[string]any{"User": image.User, "Env": image.Env, "Entrypoint": image.Entrypoint},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + layerDigest}},
		"history":      []map[string]any{{"created": epoch.Format(time.RFC3339)}},
	})
}

func fileHeader(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: epoch, Format: tar.FormatPAX}
}

// writeLayer relies on WalkDir's lexical order.
func writeLayer(output io.Writer, root string) error {
	layer := tar.NewWriter(output)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return writeEntry(layer, path, name, entry)
	})
	if err != nil {
		return err
	}
	return layer.Close()
}

func writeEntry(layer *tar.Writer, path, name string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	var target string
	switch mode := info.Mode(); {
	case mode.IsDir(), mode.IsRegular():
	case mode&fs.ModeSymlink != 0:
		if target, err = os.Readlink(path); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: a %s can't be packed", path, mode.Type())
	}
	header, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	header.Name = name
	if info.IsDir() {
		header.Name += "/"
	}
	header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
	header.ModTime, header.AccessTime, header.ChangeTime = epoch, time.Time{}, time.Time{}
	header.Format = tar.FormatPAX
	if err := layer.WriteHeader(header); err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(layer, file)
	return err
}
