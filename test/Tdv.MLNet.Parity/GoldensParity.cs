using Xunit;

namespace Tdv.MLNet.Parity;

public sealed class GoldensParity
{
    [Fact]
    public void The_folder_holds_a_case() =>
        Assert.True(
            Goldens.All().Any(),
            $"'{Goldens.Folder}' holds no case: expected at least one folder with a case.json. Set TDV_GOLDENS to one that does."
        );
}
