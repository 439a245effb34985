package dev.strata.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is read of a submission's body. */
class TaskRequestTest {
  private static TaskRequest read(String body) throws Exception {
    return TaskRequest.read(
        "pool", new Headers(), new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aReferenceAnswerIsTextOrJsonOrLeftOut() throws Exception {
    assertThat(read("{\"input\": \"2+2\", \"reference\": \"4\"}").reference()).isEqualTo("4");
    assertThat(read("{\"input\": 1, \"reference\": {\"a\": [2]}}").reference())
        .isEqualTo("{\"a\":[2]}");
    assertThat(read("{\"input\": 1, \"reference\": null}").reference()).isNull();
    assertThat(read("{\"input\": 1}").reference()).isNull();
  }
}
