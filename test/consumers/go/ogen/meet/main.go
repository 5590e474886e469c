package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/ogen-go/ogen/ogenerrors"
	"github.com/ogen-go/ogen/validate"

	"consumers/answers"
	"consumers/ogen/client"
)

func main() { answers.Meet(list) }

// token authenticates by X-Auth-Token and leaves out the other way that the contract has.
type token string

func (t token) AuthToken(context.Context, client.OperationName) (client.AuthToken, error) {
	return client.AuthToken{APIKey: string(t)}, nil
}

func (token) AkSkSignature(context.Context, client.OperationName) (client.AkSkSignature, error) {
	return client.AkSkSignature{}, ogenerrors.ErrSkipClientSecurity
}

func list(ctx context.Context, call answers.Call) (any, error) {
	api, err := client.NewClient(call.Server, token(call.Token))
	if err != nil {
		return nil, err
	}
	params := client.ListBackupRecordsParams{ProjectID: call.ProjectID, InstanceID: call.InstanceID}
	result, err := api.ListBackupRecords(ctx, params)
	if other, ok := errors.AsType[*validate.UnexpectedStatusCodeError](err); ok {
		body, err := io.ReadAll(other.Payload.Body)
		if err != nil {
			return nil, err
		}
		return nil, &answers.Refusal{Status: other.StatusCode, Answer: string(body)}
	}
	if err != nil {
		return nil, err
	}
	if refusal, ok := result.(*client.ListBackupRecordsBadRequest); ok {
		return nil, &answers.Refusal{Status: http.StatusBadRequest, Answer: refusal}
	}
	return result, nil
}
