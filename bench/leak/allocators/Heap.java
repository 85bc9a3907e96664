/** Memory of a JVM: `leak` keeps 128 KiB of each MiB that it makes, anything else keeps nothing. */
import java.util.ArrayList;
import java.util.List;

class Heap {
  public static void main(String[] args) throws InterruptedException {
    List<byte[]> kept = new ArrayList<>();
    byte[] last = null;
    while (true) {
      for (int part = 0; part < 8; part++) last = new byte[128 << 10];
      if (args[0].equals("leak")) kept.add(last);
      Thread.sleep(50);
    }
  }
}
