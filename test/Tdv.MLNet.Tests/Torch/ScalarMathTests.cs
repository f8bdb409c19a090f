using Tdv.MLNet.Torch;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Torch;

public sealed class ScalarMathTests
{
    public ScalarMathTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void Numbers_survive_a_garbage_collector_that_never_rests()
    {
        bool done = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            using var values = ones(8);
            using var other = ones(8);
            for (int i = 0; i < 50_000; i++)
            {
                values.Times_(2).Add_(other, 1).Add_(-1).Divide_(2);
            }

            Assert.Equal(8, values.sum().Value());
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
    }

    [Fact]
    public void Computes_what_the_names_say()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(6, tensor(2.0).Times(3).Value());
        Assert.Equal(6, tensor(2.0).Times_(3).Value());
        Assert.Equal(0.5, tensor(2.0).Divide_(4).Value());
        Assert.Equal(5, tensor(2.0).Add_(3).Value());
        Assert.Equal(8, tensor(2.0).Add_(tensor(3.0), 2).Value());
        Assert.Equal(26, tensor(2.0).AddProduct_(tensor(3.0), tensor(4.0), 2).Value());
        Assert.Equal(3.5, tensor(2.0).AddQuotient_(tensor(3.0), tensor(4.0), 2).Value());
    }
}
