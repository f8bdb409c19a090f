using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class ErrorTextTests
{
    [Fact]
    public void Wrapping_exceptions_and_native_traces_are_left_out()
    {
        var inner = new InvalidDataException("'a.png' is damaged.\nException raised from permute at x.cpp:1\nframe #0");
        var wrapped = new InvalidOperationException("Splitter/consolidator worker encountered exception", inner);

        Assert.Equal("'a.png' is damaged.", ErrorText.Of(new AggregateException(wrapped)));
    }

    [Fact]
    public void An_exception_that_explains_its_cause_speaks_for_itself() =>
        Assert.Equal("outer", ErrorText.Of(new InvalidDataException("outer", new IOException("inner"))));
}
