namespace Tdv.Studies.Dino;

/// <summary>Whether DINO's teacher still tells frames apart by their CLS vectors, which is what the student learns from.</summary>
/// <param name="Entropy">
/// Mean entropy of its distribution over prototypes, relative to its largest possible value: 0 where it knows one
/// prototype only, 1 where it tells none apart.
/// </param>
/// <param name="ToldApart">
/// How many different frames there seem to be: the exponential of what a frame tells of the prototype in nats, from 1, where
/// all frames have the same distribution, to the number of frames.
/// </param>
internal sealed record TeacherHealth(double Entropy, double ToldApart);
