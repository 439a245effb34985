package dev.strata.operator;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * The last one before the socket: what was written is there encrypted and may have waited until the
 * end of a read, so requests cannot be told apart any more. A process whose lease ran out sends
 * nothing at all, and its connection ends.
 */
final class SocketGuard extends ChannelOutboundHandlerAdapter {
  private final Fence fence;

  SocketGuard(Fence fence) {
    this.fence = fence;
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (fence.ranOut()) {
      var unused = context.close();
    } else {
      context.flush();
    }
  }
}
