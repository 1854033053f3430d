// SPDX-License-Identifier: Apache-2.0

// Command image-archive packs a directory as a container image in the format of `docker save`.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"taskplatform.dev/cluster/internal/archive"
)

// repeated is a flag that may be given several times.
type repeated []string

func (r *repeated) String() string { return strings.Join(*r, " ") }

func (r *repeated) Set(value string) error {
	*r = append(*r, value)
	return nil
}

func main() {
	var image archive.Image
	root := flag.String("root", "", "directory whose content is the image's file system")
	output := flag.String("output", "", "archive to write")
	flag.StringVar(&image.Reference, "reference", "", "name and tag of the image")
	flag.StringVar(&image.User, "user", "", "numeric user the image runs as; root when absent")
	flag.Var((*repeated)(&image.Env), "env", "NAME=value; repeatable")
	flag.Var((*repeated)(&image.Entrypoint), "entrypoint", "word of the entry point; repeatable")
	flag.Parse()
	if *root == "" || *output == "" || image.Reference == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "image-archive: -root, -output and -reference are required, and flags only")
		flag.Usage()
		os.Exit(2)
	}
	if err := archive.Write(*output, *root, image); err != nil {
		fmt.Fprintln(os.Stderr, "image-archive:", err)
		os.Exit(1)
	}
}
