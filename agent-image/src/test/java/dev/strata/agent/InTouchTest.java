package dev.strata.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.agent.Membership.Change;
import dev.strata.protocol.Role;
import dev.strata.protocol.WantedState;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When an agent doubts itself, and who may end the doubt. */
class InTouchTest {
  private final AtomicLong now = new AtomicLong();
  private final InTouch touch = new InTouch(now::get, Duration.ofMillis(2500));
  private final Membership membership = new Membership("uid", touch);

  private void pass(long millis) {
    now.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private void beat() {
    touch.tick();
    touch.flushed();
  }

  private Change want(Role role, String identity, long epoch) {
    return membership.apply(new WantedState("uid", role, identity, epoch, "Test"));
  }

  private Change answer(long heartbeat, long epoch) {
    var wanted = new WantedState("uid", Role.ACTIVE, "pool-0", epoch, "Test");
    return membership.apply(wanted.answering(heartbeat));
  }

  @Test
  void regularTicksKeepItInTouch() {
    for (int i = 0; i < 10; i++) {
      pass(1000);
      beat();
    }
    pass(2000);
    assertThat(touch.suspect()).isFalse();
  }

  @Test
  void aGapIsSeenAtOnceAndNotOnlyByTheTicker() {
    pass(2600);
    assertThat(touch.suspect()).isTrue();
  }

  @Test
  void tickingWithoutReachingTheServerIsAGapToo() {
    for (int i = 0; i < 3; i++) {
      pass(1000);
      touch.tick();
    }
    assertThat(touch.suspect()).isTrue();
  }

  @Test
  void onlyAConfirmationAskedForAfterTheGapCounts() {
    want(Role.ACTIVE, "pool-0", 4);
    pass(4000);
    // This one lay in the socket's buffer while the process was frozen.
    assertThat(answer(6, 4)).isEqualTo(Change.NONE);
    assertThat(touch.suspect()).isTrue();
    beat();
    touch.askedForConfirmation(7);
    pass(100);
    assertThat(touch.askedFor()).isEqualTo(Duration.ofMillis(100));
    // So did this one, and it was read late.
    assertThat(answer(6, 4)).isEqualTo(Change.NONE);
    assertThat(want(Role.ACTIVE, "pool-0", 4)).isEqualTo(Change.NONE);
    assertThat(answer(7, 5)).isEqualTo(Change.REFUSED);
    assertThat(touch.suspect()).isTrue();
    assertThat(answer(8, 4)).isEqualTo(Change.CONFIRMED);
    assertThat(touch.suspect()).isFalse();
  }

  @Test
  void anActivationThatLayInABufferHasToBeConfirmed() {
    pass(4000);
    assertThat(want(Role.ACTIVE, "pool-0", 4)).isEqualTo(Change.ACTIVATED);
    assertThat(touch.suspect()).isTrue();
  }

  @Test
  void aSpareIsTrustedAgainABeatLater() {
    pass(4000);
    beat();
    membership.settle();
    touch.askedForConfirmation(7);
    assertThat(touch.suspect()).isTrue();
    pass(1000);
    beat();
    membership.settle();
    assertThat(touch.suspect()).isFalse();
  }

  @Test
  void aPodHasOneIdentityInItsLife() {
    assertThat(want(Role.SPARE, null, 0)).isEqualTo(Change.NONE);
    assertThat(want(Role.ACTIVE, "pool-0", 1)).isEqualTo(Change.ACTIVATED);
    assertThat(want(Role.ACTIVE, "pool-0", 1)).isEqualTo(Change.NONE);
    assertThat(want(Role.ACTIVE, "pool-1", 1)).isEqualTo(Change.REFUSED);
    assertThat(want(Role.ACTIVE, "pool-0", 2)).isEqualTo(Change.REFUSED);
    assertThat(want(Role.SPARE, null, 0)).isEqualTo(Change.REFUSED);
    assertThat(membership.apply(new WantedState("other", Role.FENCED, null, 0, "Test")))
        .isEqualTo(Change.NONE);
    assertThat(want(Role.DRAINING, null, 0)).isEqualTo(Change.DRAINING);
    assertThat(want(Role.ACTIVE, "pool-0", 1)).isEqualTo(Change.REFUSED);
    assertThat(want(Role.FENCED, null, 0)).isEqualTo(Change.FENCED);
    assertThat(want(Role.DRAINING, null, 0)).isEqualTo(Change.REFUSED);
  }
}
