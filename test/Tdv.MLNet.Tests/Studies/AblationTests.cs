using System.Text.Json;
using Tdv.MLNet.Pretraining;
using Tdv.Studies;
using Xunit;

namespace Tdv.MLNet.Tests.Studies;

public class AblationTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("no-motion", "Network.MotionDepth=0", "Training.Objective.UseMotion=False")]
    [InlineData("no-mse", "Training.Objective.MseWeight=0")]
    [InlineData("no-centering", "Training.Objective.Distillation.Centering=False")]
    [InlineData(
        "no-temperature",
        "Training.Objective.Distillation.StudentTemperature=1",
        "Training.Objective.Distillation.TeacherTemperature=1"
    )]
    [InlineData("no-cls-attended", "Network.AttendCls=False")]
    [InlineData("no-cls-loss", "Training.Objective.ClsWeight=0")]
    public void Takes_away_one_part_of_the_recipe_and_leaves_the_rest(string key, params string[] changes)
    {
        var recipe = Recipe.From(new TdvOptions());
        var ablation = Assert.Single(Ablation.All, row => row.Key == key);

        var changed = Recipe.From(new TdvOptions { Ablation = ablation.Change });

        Assert.Equal(changes, Numbers(changed).Except(Numbers(recipe)));
    }

    private static string[] Numbers(Recipe recipe) => [.. Flatten(JsonSerializer.SerializeToElement(recipe), "")];

    private static IEnumerable<string> Flatten(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element
                .EnumerateObject()
                .SelectMany(p => Flatten(p.Value, path.Length == 0 ? p.Name : $"{path}.{p.Name}"))
            : [$"{path}={element}"];
}
