package org.example;

import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.pushfleet.admin.v1.CommandServiceGrpc;
import io.pushfleet.admin.v1.PushRequest;
import io.pushfleet.common.v1.Operation;
import io.pushfleet.common.v1.Outcome;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Forces a synchronization of devices with a client that was generated from the proto files alone. */
public final class ForceSync {
    private ForceSync() {}

    /** Arguments: a balancer's admin API as host:port, the file of its CA, the file of an API token, device ids. */
    public static void main(String[] args) throws Exception {
        var credentials = TlsChannelCredentials.newBuilder().trustManager(new File(args[1])).build();
        ManagedChannel channel = Grpc.newChannelBuilder(args[0], credentials).build();
        String token = Files.readString(Path.of(args[2])).strip();
        try {
            var commands = CommandServiceGrpc.newBlockingStub(channel).withCallCredentials(new Bearer(token));
            List<String> devices = Arrays.asList(args).subList(3, args.length);
            boolean allSucceeded = true;
            for (String device : devices) allSucceeded &= push(commands, device);
            System.exit(allSucceeded ? 0 : 1);
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static boolean push(CommandServiceGrpc.CommandServiceBlockingStub commands, String device) {
        var operation = Operation.newBuilder();
        operation.getForceSyncBuilder().setReason("asked from Java");
        var request = PushRequest.newBuilder().setDeviceId(device).setOperation(operation).build();
        try {
            var answer = commands.withDeadlineAfter(1, TimeUnit.MINUTES).push(request);
            Outcome outcome = answer.getStatus().getOutcome();
            System.out.println(device + " " + outcome);
            return outcome == Outcome.OUTCOME_SUCCEEDED;
        } catch (StatusRuntimeException error) {
            System.out.println(device + " " + error.getStatus().getCode() + ": " + error.getStatus().getDescription());
            return false;
        }
    }

    /** Sends the API token with every call. */
    private static final class Bearer extends CallCredentials {
        private static final Metadata.Key<String> AUTHORIZATION =
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
        private final String token;

        Bearer(String token) {
            this.token = token;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            var metadata = new Metadata();
            metadata.put(AUTHORIZATION, "Bearer " + token);
            applier.apply(metadata);
        }
    }
}
