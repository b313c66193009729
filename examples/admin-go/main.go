// Forces a synchronization of devices with a client that was generated from the proto files alone. README.md says how.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	adminv1 "github.com/pushfleet/pushfleet/gen/go/pushfleet/admin/v1"
	commonv1 "github.com/pushfleet/pushfleet/gen/go/pushfleet/common/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

// token is sent with every call, and only over TLS.
type token string

func (t token) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(t)}, nil
}

func (token) RequireTransportSecurity() bool { return true }

func main() {
	address := flag.String("address", "127.0.0.1:13299", "of a balancer's admin API")
	ca := flag.String("ca", ".pushfleet/ca.crt", "file of the CA that signed the balancer's certificate")
	tokenFile := flag.String("token-file", ".pushfleet/admin-token", "file of an API token")
	flag.Parse()
	if err := forceSync(*address, *ca, *tokenFile, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func forceSync(address, ca, tokenFile string, deviceIDs []string) error {
	connection, err := dial(address, ca, tokenFile)
	if err != nil {
		return err
	}
	defer connection.Close()
	commands := adminv1.NewCommandServiceClient(connection)
	var failed error
	for _, id := range deviceIDs {
		outcome, err := push(commands, id)
		if err != nil {
			fmt.Printf("%s %s: %s\n", id, status.Code(err), status.Convert(err).Message())
			failed = errors.New("not all devices have synchronized")
			continue
		}
		fmt.Println(id, outcome)
		if outcome != commonv1.Outcome_OUTCOME_SUCCEEDED {
			failed = errors.New("not all devices have synchronized")
		}
	}
	return failed
}

func dial(address, ca, tokenFile string) (*grpc.ClientConn, error) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate", ca)
	}
	secret, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, err
	}
	return grpc.NewClient(address,
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: roots})),
		grpc.WithPerRPCCredentials(token(strings.TrimSpace(string(secret)))))
}

func push(commands adminv1.CommandServiceClient, deviceID string) (commonv1.Outcome, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	answer, err := commands.Push(ctx, &adminv1.PushRequest{
		DeviceId: deviceID,
		Operation: &commonv1.Operation{
			Kind: &commonv1.Operation_ForceSync{ForceSync: &commonv1.ForceSync{Reason: "asked from Go"}},
		},
	})
	if err != nil {
		return commonv1.Outcome_OUTCOME_UNSPECIFIED, err
	}
	return answer.GetStatus().GetOutcome(), nil
}
