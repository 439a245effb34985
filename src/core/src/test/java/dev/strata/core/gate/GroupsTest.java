package dev.strata.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strata.core.signal.Counts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who of many agents misses a share by itself. */
class GroupsTest {
  private static final int AGENTS = 40;
  private static final double TARGET = 0.95;

  /** A window in which each agent is good with this probability. */
  private static Map<String, Counts> window(double share, Random random) {
    Map<String, Counts> groups = new HashMap<>();
    for (int i = 0; i < AGENTS; i++) {
      groups.put("agent-" + i, counts(share, 20 + random.nextInt(120), random));
    }
    return groups;
  }

  private static Counts counts(double share, int total, Random random) {
    int good = 0;
    for (int i = 0; i < total; i++) {
      good += random.nextDouble() < share ? 1 : 0;
    }
    return new Counts(good, total);
  }

  private static List<String> beyond(Map<String, Counts> groups) {
    return ShareEstimator.worst(groups, TARGET).stream()
        .filter(ShareEstimator.Group::beyond)
        .map(ShareEstimator.Group::name)
        .toList();
  }

  @Test
  void oneSickAgentAmongManyIsTheOnlyOneBeyond() {
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Map<String, Counts> groups = window(0.99, random);
      groups.put("agent-7", counts(0.4, 120, random));
      assertThat(beyond(groups)).as("window %d", i).containsExactly("agent-7");
      assertThat(ShareEstimator.worst(groups, TARGET).getFirst().name()).isEqualTo("agent-7");
    }
  }

  @Test
  void agentsThatJustKeepTheTargetAreHardlyEverBeyond() {
    var random = new Random(2);
    int windows = 2000;
    int wrong = 0;
    for (int i = 0; i < windows; i++) {
      wrong += beyond(window(TARGET, random)).isEmpty() ? 0 : 1;
    }
    // One in a hundred at most is 20; half as many again is two standard errors off.
    assertThat(wrong).isLessThan(windows * 3 / 200);
  }

  private static Set<String> affected(Map<String, Counts> groups) {
    return ShareEstimator.affected(groups, TARGET);
  }

  @Test
  void agentsThatKeepTheTargetAreHardlyAffected() {
    var random = new Random(4);
    int windows = 500;
    int many = 0;
    for (int i = 0; i < windows; i++) {
      Map<String, Counts> groups = window(TARGET, random);
      groups.put("agent-7", counts(0.4, 120, random));
      Set<String> affected = affected(groups);
      assertThat(affected).contains("agent-7");
      many += affected.size() > AGENTS / 4 ? 1 : 0;
    }
    assertThat(many).as("windows in which the sick one could not go").isLessThan(windows / 20);
  }

  @Test
  void whatAllShareAffectsAllThoughNoneCanShowIt() {
    Map<String, Counts> groups = new HashMap<>();
    for (int i = 0; i < AGENTS; i++) {
      groups.put("agent-" + i, new Counts(9, 10));
    }
    groups.put("first", new Counts(2, 10));
    assertThat(beyond(groups)).containsExactly("first");
    assertThat(affected(groups)).hasSize(AGENTS + 1);
  }

  @Test
  void onlyTheSickIsAffectedWhereTheOthersAreWell() {
    Map<String, Counts> groups = new HashMap<>();
    for (int i = 0; i < AGENTS; i++) {
      groups.put("agent-" + i, new Counts(i % 2 == 0 ? 20 : 19, 20));
    }
    groups.put("sick", new Counts(5, 20));
    groups.put("unlucky", new Counts(18, 20));
    groups.put("new", new Counts(0, 4));
    assertThat(affected(groups)).containsExactly("sick");
  }

  @Test
  void theMoreThereAreTheMoreItTakes() {
    Map<String, Counts> groups = new HashMap<>();
    groups.put("sick", new Counts(6, 10));
    assertThat(beyond(groups)).containsExactly("sick");
    for (int i = 0; i < 400; i++) {
      groups.put("agent-" + i, new Counts(10, 10));
    }
    assertThat(beyond(groups)).isEmpty();
  }

  @Test
  void theWorstComeFirstAndTheFewEventsOfSomeAreLeftOut() {
    List<ShareEstimator.Group> worst =
        ShareEstimator.worst(
            Map.of(
                "b", new Counts(1, 10),
                "a", new Counts(1, 10),
                "good", new Counts(10, 10),
                "dead", new Counts(0, 5),
                "young", new Counts(0, 4)),
            TARGET);
    assertThat(worst)
        .extracting(ShareEstimator.Group::name)
        .containsExactly("dead", "a", "b", "good");
    assertThat(worst)
        .extracting(ShareEstimator.Group::beyond)
        .containsExactly(true, true, true, false);
  }

  @Test
  void ofNobodyNothingIsSaid() {
    assertThat(ShareEstimator.worst(Map.of(), TARGET)).isEmpty();
  }
}
