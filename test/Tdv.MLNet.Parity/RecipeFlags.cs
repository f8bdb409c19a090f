using System.Globalization;
using System.Text.Json;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Parity;

/// <summary>The official command line's flags, and what they mean for our objective.</summary>
internal sealed class RecipeFlags
{
    // The official launch script, as far as it concerns the objective.
    private const string LaunchScript =
        "--ignore_prefix_tokens_in_condition --rollout_n_frames 1 --use_mse_loss --mse_loss_weight 1.5 "
        + "--use_dino_loss --dino_loss_weight 0.75 --use_ibot_loss --ibot_loss_weight 0.75 --use_centering --use_sharpening "
        + "--dino_teacher_temp 0.1 --dino_student_temp 0.1 --ibot_teacher_temp 0.1 --ibot_student_temp 0.1 "
        + "--dino_center_update_momentum 0.9 --ibot_center_update_momentum 0.9";

    private readonly Dictionary<string, string> _flags = [];

    /// <param name="config">May hold the whole command line as <c>recipe_argv</c>.</param>
    public RecipeFlags(JsonElement config) =>
        Add(config.TryGetProperty("recipe_argv", out var arguments) ? Texts(arguments) : LaunchScript.Split(' '));

    public bool AttendCls => !Has("ignore_prefix_tokens_in_condition");

    public bool IsRotary => Has("use_rope");

    /// <summary>Feeds the motion encoder the next frame instead of the difference.</summary>
    public bool FullFrame => Has("use_full_frame");

    /// <summary>Frame pairs that motion is summed over before it is compared.</summary>
    public int Rollout => Math.Max(1, (int)Number("rollout_n_frames"));

    public bool HasPatchHead => Has("use_seperate_ibot_head");

    public bool HasPatchCenter => Has("use_seperate_ibot_center");

    public double PatchWeight => Has("use_ibot_loss") ? Number("ibot_loss_weight") : 0;

    public DistillationOptions PatchDistillation => Distillation("ibot");

    /// <summary>What the product's objective takes of it.</summary>
    public ObjectiveOptions Objective =>
        new()
        {
            MseWeight = Has("use_mse_loss") ? Number("mse_loss_weight") : 0,
            ClsWeight = Has("use_dino_loss") ? Number("dino_loss_weight") : 0,
            PatchWeight = PatchWeight,
            Distillation = Distillation("dino"),
            UseMotion = !Has("remove_motion_encoder"),
        };

    /// <summary>Takes flags away and adds others, as a variant's <c>drop</c> and <c>add</c> say.</summary>
    public RecipeFlags With(JsonElement variant)
    {
        foreach (var flag in Texts(variant.GetProperty("drop")))
        {
            _flags.Remove(flag.TrimStart('-'));
        }

        Add(Texts(variant.GetProperty("add")));
        return this;
    }

    private DistillationOptions Distillation(string term) =>
        new()
        {
            StudentTemperature = Has("use_sharpening") ? Number(term + "_student_temp") : 1,
            TeacherTemperature = Has("use_sharpening") ? Number(term + "_teacher_temp") : 1,
            Centering = Has("use_centering"),
            CenterMomentum = Number(term + "_center_update_momentum"),
        };

    private void Add(string[] arguments)
    {
        string name = "";
        foreach (string argument in arguments)
        {
            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                name = argument[2..];
                _flags[name] = "";
            }
            else
            {
                _flags[name] = argument;
            }
        }
    }

    private bool Has(string flag) => _flags.ContainsKey(flag);

    private double Number(string flag) => double.Parse(_flags[flag], CultureInfo.InvariantCulture);

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
