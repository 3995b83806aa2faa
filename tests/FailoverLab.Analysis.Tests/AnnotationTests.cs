using System.Text;
using FailoverLab.Packets;
using static FailoverLab.Analysis.Tests.SyntheticLab;

namespace FailoverLab.Analysis.Tests;

public sealed class AnnotationTests
{
    [Test]
    public void Annotate_CutAndMove_CommentsLostPacketsAndEdges()
    {
        var lab = new SyntheticLab
        {
            Route = (_, at) => [at < 1100 * Ms ? 0 : 1],
            Survives = (_, path, at) => path != 0 || at < 1000 * Ms,
        };
        lab.Send(Up, 0, 2000 * Ms);
        var directory = Directory.CreateTempSubdirectory("failoverlab-annotate");
        try
        {
            var inputs = lab.Captures.WriteTo(directory.FullName).Select(f => new CaptureInput(f.File, f.Point, f.Point)).ToList();
            var file = Path.Combine(directory.FullName, "annotated.pcapng");
            using (var writer = new PcapngWriter(File.Create(file), new PcapngSection()))
            {
                var result = CaptureAnalyzer.Annotate(inputs, Context(Up), writer, CancellationToken.None);
                Assert.That(result.Flows.Single().Lost, Is.EqualTo(100).Within(1));
            }

            var (packets, last, ordered) = (0, long.MinValue, true);
            Assert.That(CaptureReader.TryOpen(file, out var reader, out var error), Is.True, error);
            using (reader)
            {
                while (reader!.TryReadNext(out var packet))
                {
                    packets++;
                    ordered &= packet.StampNs >= last;
                    last = packet.StampNs;
                }

                Assert.That(reader.Interfaces.Select(i => i.Name), Is.EquivalentTo(inputs.Select(i => i.Point).Where(p => p is "traffic.lan" or "business.core0" or "router-1.wan" or "endpoint.sl1" or "hub.sl1" or "endpoint.sl2" or "hub.sl2")));
            }

            // 2000 sent, seen at the sender and at the site; 1900 of them at the far end, the router and the receiver.
            Assert.That((packets, ordered), Is.EqualTo(((2 * 2000) + (3 * 1900), true)));
            var text = Encoding.UTF8.GetString(File.ReadAllBytes(file));
            foreach (var wanted in new[] { "#999: last delivered before an outage of", ", last over starlink-1", "#1100: first delivered after an outage of", ", first over starlink-2", "#1000: lost", "#1099: lost" })
                Assert.That(text, Does.Contain(wanted));
            Assert.That(text, Does.Not.Contain("#998: ").And.Not.Contain("#1101: "));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
