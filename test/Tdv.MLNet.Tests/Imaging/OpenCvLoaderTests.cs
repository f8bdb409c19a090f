using Tdv.MLNet.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Imaging;

public class OpenCvLoaderTests
{
    [Fact]
    public void OpenCv_loads_on_this_machine() => OpenCvLoader.EnsureAvailable();

    [Fact]
    public void A_missing_library_is_explained()
    {
        var exception = OpenCvLoader.Unavailable(new DllNotFoundException("OpenCvSharpExtern"), linux: true);

        Assert.Equal(
            "OpenCV, which reads videos, does not load in this application. Install its dependency GTK 3 (Debian, "
                + "Ubuntu: apt-get install libgtk-3-0), or add a package reference to "
                + "OpenCvSharp4.official.runtime.linux-x64 if the application has none.",
            exception.Message
        );
    }
}
