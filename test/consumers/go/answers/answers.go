// Package answers is the program of every Go row that meets the later service's answers (../../answers.ts says what it
// prints). A row brings the call as its generated code makes it.
package answers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// List returns what the generated code gives, or a Refusal.
type List func(ctx context.Context, call Call) (any, error)

type Call struct{ Server, Token, ProjectID, InstanceID string }

// Refusal is the error of the client that names the server's answer, with what it gives of it.
type Refusal struct {
	Status int
	Answer any
}

func (r *Refusal) Error() string { return fmt.Sprintf("%d %s", r.Status, text(r.Answer)) }

func Meet(list List) {
	for name := range strings.FieldsSeq(os.Getenv("CASES")) {
		fmt.Printf("%s: %s\n", name, outcome(list, Call{
			Server:     os.Getenv("BASE_URL") + "/" + name,
			Token:      os.Getenv("TOKEN"),
			ProjectID:  os.Getenv("PROJECT_ID"),
			InstanceID: os.Getenv("INSTANCE_ID"),
		}))
	}
}

func outcome(list List, call Call) (found string) {
	defer func() {
		if reason := recover(); reason != nil {
			found = fmt.Sprintf("crash panic: %v", reason)
		}
	}()
	answer, err := list(context.Background(), call)
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return "error " + refusal.Error()
	}
	if err != nil {
		return "crash " + strings.Join(strings.Fields(err.Error()), " ")
	}
	return fmt.Sprintf("gives %T %s", answer, text(answer))
}

func text(value any) string {
	written, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%+v", value)
	}
	return string(written)
}
