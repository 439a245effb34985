package dev.strata.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.HttpClientConnection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Asks the {@link Fence} a second time, on the thread that writes to the socket, and puts a {@link
 * SocketGuard} on the connection. Between the client's interceptors and the socket a request waits
 * for that thread and for a connection, under load for tens of milliseconds: enough for a freeze to
 * come between. It takes one event loop for that thread to be the same (see
 * application.properties).
 */
final class FencedVertx {
  private FencedVertx() {}

  /** The same Vert.x, whose HTTP clients ask the fence. */
  static Vertx of(Vertx vertx, Fence fence) {
    return proxy(
        Vertx.class,
        (proxy, method, arguments) -> {
          Object made = call(vertx, method, arguments);
          return made instanceof HttpClient client ? fenced(client, fence) : made;
        });
  }

  private static HttpClient fenced(HttpClient client, Fence fence) {
    return proxy(
        HttpClient.class,
        (proxy, method, arguments) -> {
          Object made = call(client, method, arguments);
          return made instanceof Future<?> request
                  && arguments != null
                  && arguments[0] instanceof RequestOptions options
                  && method.getName().equals("request")
              ? request.compose(ready -> checked((HttpClientRequest) ready, options, fence))
              : made;
        });
  }

  private static Future<HttpClientRequest> checked(
      HttpClientRequest request, RequestOptions options, Fence fence) {
    try {
      fence.check(options.getMethod().name(), path(options.getURI()));
      guard(((HttpClientConnection) request.connection()).channel().pipeline(), fence);
      return Future.succeededFuture(request);
    } catch (KubernetesClientException e) {
      request.reset();
      return Future.failedFuture(e);
    }
  }

  private static void guard(ChannelPipeline connection, Fence fence) {
    if (connection.get(SocketGuard.class) == null) {
      connection.addFirst(new SocketGuard(fence));
    }
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(FencedVertx.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
