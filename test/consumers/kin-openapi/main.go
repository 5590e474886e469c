// Command kin-openapi loads and validates the documents that its arguments name, and exits with code 1 if it has a
// complaint about one of them.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
)

func main() {
	code := 0
	for _, name := range os.Args[1:] {
		if err := read(name); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			code = 1
		}
	}
	os.Exit(code)
}

func read(name string) error {
	document, err := openapi3.NewLoader().LoadFromFile(name)
	if err != nil {
		return err
	}
	return document.Validate(context.Background(),
		openapi3.EnableMultiError(),
		openapi3.EnableSchemaFormatValidation(),
		openapi3.ProhibitExtensionsWithRef(),
	)
}
