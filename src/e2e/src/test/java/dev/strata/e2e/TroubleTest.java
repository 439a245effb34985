package dev.strata.e2e;

import static dev.strata.e2e.Event.natsEnds;
import static dev.strata.e2e.Event.natsStarts;
import static dev.strata.e2e.Event.poolIsScaledTo;
import static dev.strata.e2e.Named.thePool;
import static dev.strata.e2e.PoolDraft.pool;
import static dev.strata.e2e.Story.PATIENCE;
import static dev.strata.e2e.Story.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Pools that cannot work: each says in a condition what is wrong and what to do, and the operator
 * serves the others meanwhile.
 */
@SystemTest
final class TroubleTest {

  /** Whatever trouble there is in the namespace, a healthy pool beside it comes up and scales. */
  private static void othersAreServed(Story story) {
    story.given(pool("healthy").warm(1));
    story.when(poolIsScaledTo("healthy", 2));
    story.then(thePool("healthy")).isReady(2).hasSpares(1);
    story.tasks("healthy").answers("still here?", "still here?");
  }

  @Test
  void poolThatComesWhileTheEngineIsAway(Story story) {
    story.when(natsEnds());
    try {
      story.applied(pool("early"));
      story.then(thePool("early")).says(PATIENCE, "CreationBlocked", "NotServed", "NATS is away");
    } finally {
      story.when(natsStarts());
    }
    story.then(thePool("early")).isReady(1);
    othersAreServed(story);
  }

  @Test
  void handlerThatDoesNotExist(Story story) {
    story.applied(pool("typo").java("ecko").set("recovery.maxAttempts", 2));
    othersAreServed(story);
    story
        .then(thePool("typo"))
        .says(
            PATIENCE,
            "Stalled",
            "BreakerOpen",
            "ecko",
            "echo",
            "Change the template or the handler");
  }

  @Test
  void programThatIsMissing(Story story) {
    story.applied(pool("absent").exec("/opt/no/such-program").set("recovery.maxAttempts", 2));
    othersAreServed(story);
    story
        .then(thePool("absent"))
        .says(
            PATIENCE,
            "Stalled",
            "BreakerOpen",
            "/opt/no/such-program",
            "Change the template or the handler");
  }

  @Test
  void nameOfSomebodyElsesService(Story story) {
    Service mine =
        new ServiceBuilder()
            .withNewMetadata()
            .withName("taken")
            .withNamespace(story.namespace())
            .endMetadata()
            .withNewSpec()
            .addToSelector("app", "mine")
            .addNewPort()
            .withPort(80)
            .endPort()
            .endSpec()
            .build();
    story.client().resource(mine).create();
    story.applied(pool("taken"));
    story.then(thePool("taken")).isReady(1);
    eventually(
        PATIENCE,
        () ->
            assertThat(
                    story
                        .client()
                        .events()
                        .v1()
                        .events()
                        .inNamespace(story.namespace())
                        .list()
                        .getItems())
                .filteredOn(event -> "NameTaken".equals(event.getReason()))
                .singleElement()
                .satisfies(
                    event ->
                        assertThat(event.getNote())
                            .isEqualTo(
                                "Service taken is there and not this pool's, which goes without"
                                    + " it: give the pool another name")));
    Service after = story.client().resource(mine).get();
    assertThat(after.getSpec().getSelector()).isEqualTo(Map.of("app", "mine"));
    assertThat(after.getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void imageThatCannotBePulled(Story story) {
    story.applied(pool("picture").set("template.image", "example.com/nobody/has-this:7"));
    othersAreServed(story);
    story
        .then(thePool("picture"))
        .says(
            PATIENCE,
            "Stalled",
            "ErrImagePull",
            "example.com/nobody/has-this:7",
            "Correct spec.template.image");
  }

  @Test
  void commandThatCannotStart(Story story) {
    story.applied(
        pool("mute")
            .set("template.command", List.of("/bin/no-such-shell"))
            .set("recovery.maxAttempts", 2));
    othersAreServed(story);
    story
        .then(thePool("mute"))
        .says(PATIENCE, "Stalled", "BreakerOpen", "/bin/no-such-shell", "Change the template");
  }

  @Test
  void secretThatIsNotThere(Story story) {
    story.applied(
        pool("keyless")
            .set(
                "template.env",
                List.of(
                    Map.of(
                        "name",
                        "TOKEN",
                        "valueFrom",
                        Map.of(
                            "secretKeyRef", Map.of("name", "no-such-secret", "key", "token"))))));
    othersAreServed(story);
    story
        .then(thePool("keyless"))
        .says(
            PATIENCE,
            "Stalled",
            "CreateContainerConfigError",
            "no-such-secret",
            "Create what is missing or correct spec.template.env");
    // What is missing may come later: the pool then needs nobody's help.
    story.kubectl("create", "secret", "generic", "no-such-secret", "--from-literal=token=x");
    story.then(thePool("keyless")).isReady(1);
  }

  @Test
  void podThatFitsOnNoNode(Story story) {
    story.applied(
        pool("huge")
            .replicas(5)
            .set("template.resources", Map.of("requests", Map.of("cpu", "900"))));
    othersAreServed(story);
    story
        .then(thePool("huge"))
        .says(
            PATIENCE,
            "CreationBlocked",
            "Unschedulable",
            "Insufficient cpu",
            "Add a node or room on one, or lower spec.template.resources");
  }

  @Test
  void namespaceWithTightQuota(Story story) {
    story
        .client()
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("tight")
                .withNamespace(story.namespace())
                .endMetadata()
                .withNewSpec()
                .addToHard("requests.cpu", new Quantity("250m"))
                .endSpec()
                .build())
        .create();
    // Three healthy pods of 50m leave room for two more of it.
    othersAreServed(story);
    story.applied(pool("many").replicas(4));
    story
        .then(thePool("many"))
        .says(
            PATIENCE,
            "CreationBlocked",
            "QuotaExceeded",
            "exceeded quota: tight",
            "Raise the ResourceQuota of the namespace, or lower spec.replicas");
    story.when(poolIsScaledTo("healthy", 1));
    story.then(thePool("healthy")).isReady(1);
  }

  @Test
  void namespaceWithLimitRange(Story story) {
    story
        .client()
        .resource(
            new LimitRangeBuilder()
                .withNewMetadata()
                .withName("small")
                .withNamespace(story.namespace())
                .endMetadata()
                .withNewSpec()
                .addNewLimit()
                .withType("Pod")
                .addToMax("cpu", new Quantity("1"))
                .endLimit()
                .endSpec()
                .build())
        .create();
    story.applied(
        pool("large")
            .set(
                "template.resources",
                Map.of("requests", Map.of("cpu", "2"), "limits", Map.of("cpu", "2"))));
    story.given(
        pool("fitting")
            .set(
                "template.resources",
                Map.of("requests", Map.of("cpu", "50m"), "limits", Map.of("cpu", "1"))));
    story
        .then(thePool("large"))
        .says(
            PATIENCE,
            "CreationBlocked",
            "LimitRange",
            "maximum cpu usage per Pod is 1",
            "Set spec.template.resources to what the LimitRange of the namespace allows");
    story.tasks("fitting").answers("still here?", "still here?");
  }
}
